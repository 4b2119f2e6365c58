using Conversations.Client.Auth;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.OpenAI;

/// <summary>Has requests for a response accepted, each in the session where it belongs.</summary>
internal sealed class Creations(ISessions sessions, ShardMap shards, TimeProvider time)
{
    /// <summary>Has one accepted; it is on disk when this returns.</summary>
    /// <exception cref="RefusalException">Nothing was accepted.</exception>
    /// <exception cref="DialectException">As above.</exception>
    public async Task<Created> CreateAsync(HttpContext http, CreateResponse request, CreateTerms terms, CancellationToken patience)
    {
        var address = TurnAddress.Of(request, http.User.Tenant(), terms.IdempotencyKey, time);
        http.AboutSession(address.Session);
        http.AboutTurn(address.Turn);
        var turn = new TurnRequest
        {
            Id = address.Turn,
            IsFirstTry = address.IsFresh,
            Fingerprint = Fingerprint.Of(request.Input, request.Options, terms.CallsModel),
            Input = request.Input,
            Options = request.Options with { RequestId = RequestScope.Of(http)?.RequestId },
            CallsModel = terms.CallsModel,
            Overlap = terms.Overlap,
            CreatesSession = address.MakesSession,
            Lifetime = address.Lifetime,
            OwnsSession = terms.OwnsPrevious || address.Lifetime == SessionLifetime.Private,
            After = request.Previous?.Turn,
            MayFork = request.Previous is not null,
            IsResent = terms.IsResent,
        };
        var submitted = await SubmitAsync(request, address.Session, turn, patience);
        if (submitted.NeedsFork) (address, submitted) = await BranchAsync(http, request, terms, address, turn, submitted.Turn, patience);
        http.ServedBy(submitted.Silo);
        http.QueuedAt(submitted.Position);
        return new Created(address, submitted);
    }

    // The conversation cannot take a turn after that one: a branch of it can, once that has ended.
    private async Task<(TurnAddress Address, Submitted Submitted)> BranchAsync(
        HttpContext http, CreateResponse request, CreateTerms terms, TurnAddress parent, TurnRequest turn, Turn previous, CancellationToken patience)
    {
        if (!previous.Status.IsTerminal()
            && (await terms.WhileWaiting(sessions.ResultAsync(parent.Session, previous.Id, patience))).Turn.Parked)
        {
            throw new DialectException(
                409, "conversation_locked", "The previous response waits for an approval: give it first, or cancel that response.", "previous_response_id");
        }

        var address = TurnAddress.OfBranch(parent, terms.IdempotencyKey, request.Options.Store, shards);
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
            From = new ForkFrom { Session = parent.Session.Id, AfterTurn = previous.Id, OwnsSession = terms.OwnsPrevious },
        };
        return (address, await SubmitAsync(request, address.Session, branch, patience));
    }

    private async Task<Submitted> SubmitAsync(CreateResponse request, SessionKey key, TurnRequest turn, CancellationToken patience)
    {
        try
        {
            return await sessions.SubmitAsync(key, turn, patience);
        }
        catch (RefusalException refusal)
            when (request.Options.PreviousResponseId is { } previous && refusal.Code is RefusalCode.SessionNotFound or RefusalCode.TurnNotFound)
        {
            throw new DialectException(Refusals.PreviousNotFound(previous));
        }
    }
}

/// <summary>What a request for a response says beside its body.</summary>
internal sealed record CreateTerms
{
    /// <summary>What to do if the session is busy, or null.</summary>
    public OverlapPolicy? Overlap { get; init; }

    public string? IdempotencyKey { get; init; }

    /// <summary>Whether the client sent it before, of its own accord.</summary>
    public bool IsResent { get; init; }

    /// <summary>Whether an answer is wanted, and not only that the items are there.</summary>
    public bool CallsModel { get; init; } = true;

    /// <summary>Whether the previous response was made on this very connection.</summary>
    public bool OwnsPrevious { get; init; }

    /// <summary>Is awaited in the place of the previous response's end.</summary>
    public Func<Task<TurnResult>, Task<TurnResult>> WhileWaiting { get; init; } = wait => wait;
}

/// <summary>A request that was accepted.</summary>
/// <param name="Asked">Where it was to run and what it is called.</param>
/// <param name="Submitted">The turn that answers it, perhaps another one that took its input in.</param>
internal sealed record Created(TurnAddress Asked, Submitted Submitted)
{
    public SessionKey Session => Asked.Session;

    public TurnId Turn => Submitted.Turn.Id;

    /// <summary>Whether nobody else waits for the turn.</summary>
    public bool IsAlone => Turn == Asked.Turn;
}
