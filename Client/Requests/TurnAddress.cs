using Conversations.Client.Sessions;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Requests;

/// <summary>Where a request's turn runs and what it is called.</summary>
/// <param name="Session">The session.</param>
/// <param name="MakesSession">Whether the session is made if it does not exist.</param>
/// <param name="Turn">The turn's name.</param>
/// <param name="IsFresh">Whether the name was made just now, so that nobody can know it.</param>
internal sealed record TurnAddress(SessionKey Session, bool MakesSession, TurnId Turn, bool IsFresh)
{
    /// <summary>How long the session is kept, if the turn makes it.</summary>
    public SessionLifetime Lifetime { get; init; }

    /// <summary>The address of the turn that is wished for.</summary>
    public static TurnAddress Of(TurnWish wish, TimeProvider time)
    {
        if (wish.Session is { } named) return Within(named, wish.IdempotencyKey, time);
        if (wish.Previous is { } previous) return Within(previous.Session, wish.IdempotencyKey, time) with { MakesSession = false };

        // Named by nobody: a session of its own, which the retry of a request with a key finds again.
        return Within(OwnSession(wish), wish.IdempotencyKey, time) with { MakesSession = true, Lifetime = LifetimeOf(wish) };
    }

    /// <summary>The address of the same turn in a fork, which the retry of a request with a key finds again.</summary>
    public static TurnAddress OfBranch(TurnAddress parent, TurnWish wish, ShardMap shards)
    {
        var session = MintedId.Beside(parent.Session, OwnSession(wish), shards);
        return parent with
        {
            Session = session,
            MakesSession = true,
            Turn = wish.IdempotencyKey is null ? parent.Turn : TurnId.FromKey(session, wish.IdempotencyKey),
            Lifetime = LifetimeOf(wish),
        };
    }

    /// <summary>The address of a turn in a session that the caller named.</summary>
    public static TurnAddress Within(SessionKey session, string? idempotencyKey, TimeProvider time) => new(
        session,
        MintedId.IsMadeOnUse(session),
        idempotencyKey is null ? TurnId.New(time) : TurnId.FromKey(session, idempotencyKey),
        idempotencyKey is null);

    private static SessionKey OwnSession(TurnWish wish) =>
        wish.IdempotencyKey is null ? MintedId.New(wish.Tenant) : MintedId.FromKey(wish.Tenant, wish.IdempotencyKey);

    private static SessionLifetime LifetimeOf(TurnWish wish) => wish.Options.Store ? SessionLifetime.Unnamed : SessionLifetime.Private;
}
