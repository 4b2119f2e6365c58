using Conversations.Client.Sessions;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Requests;

/// <summary>Has wishes for a response accepted, each in the session where it belongs.</summary>
internal sealed class Creations(ISessions sessions, References references, ShardMap shards, TimeProvider time)
{
    /// <summary>Has one accepted; it is on disk when this returns.</summary>
    /// <exception cref="RefusalException">Nothing was accepted.</exception>
    public async Task<Created> CreateAsync(HttpContext http, TurnWish wish, CancellationToken patience)
    {
        var address = TurnAddress.Of(wish, time);
        http.AboutSession(address.Session);
        http.AboutTurn(address.Turn);
        http.AboutUser(wish.Options.User);
        wish = await references.ResolveAsync(wish, patience);
        var turn = wish.At(address, RequestScope.Of(http)?.RequestId);
        var submitted = await SubmitAsync(wish, address.Session, turn, patience);
        if (submitted.NeedsFork) (address, submitted) = await BranchAsync(http, wish, address, turn, submitted.Turn, patience);
        http.ServedBy(submitted.Silo);
        http.QueuedAt(submitted.Position);
        return new Created(address, submitted);
    }

    // The conversation cannot take a turn after that one: a branch of it can, once that has ended.
    private async Task<(TurnAddress Address, Submitted Submitted)> BranchAsync(
        HttpContext http, TurnWish wish, TurnAddress parent, TurnRequest turn, Turn previous, CancellationToken patience)
    {
        if (!previous.Status.IsTerminal()
            && (await wish.WhileWaiting(sessions.ResultAsync(parent.Session, previous.Id, patience))).Turn.Parked)
        {
            throw new RefusalException(
                RefusalCode.SessionBusy, "The previous response waits for an approval: give it first, or cancel that response.", "previous_response_id");
        }

        var address = TurnAddress.OfBranch(parent, wish, shards);
        http.AboutSession(address.Session);
        http.AboutTurn(address.Turn);
        var branch = turn with
        {
            Id = address.Turn,
            CreatesSession = true,
            Lifetime = address.Lifetime,
            OwnsSession = address.Lifetime == SessionLifetime.Private,
            After = null,
            MayFork = false,
            From = new ForkFrom { Session = parent.Session.Id, AfterTurn = previous.Id, OwnsSession = wish.OwnsPrevious },
        };
        return (address, await SubmitAsync(wish, address.Session, branch, patience));
    }

    private async Task<Submitted> SubmitAsync(TurnWish wish, SessionKey key, TurnRequest turn, CancellationToken patience)
    {
        try
        {
            return await sessions.SubmitAsync(key, turn, patience);
        }
        catch (RefusalException refusal)
            when (wish.Previous is not null && refusal.Code is RefusalCode.SessionNotFound or RefusalCode.TurnNotFound)
        {
            throw new RefusalException(
                RefusalCode.TurnNotFound, $"Previous response with id '{wish.Options.PreviousResponseId}' not found.", "previous_response_id");
        }
    }
}

/// <summary>A wish that was accepted.</summary>
/// <param name="Asked">Where it was to run and what it is called.</param>
/// <param name="Submitted">The turn that answers it, perhaps another one that took its input in.</param>
internal sealed record Created(TurnAddress Asked, Submitted Submitted)
{
    public SessionKey Session => Asked.Session;

    public TurnId Turn => Submitted.Turn.Id;

    /// <summary>Whether nobody else waits for the turn.</summary>
    public bool IsAlone => Turn == Asked.Turn;
}
