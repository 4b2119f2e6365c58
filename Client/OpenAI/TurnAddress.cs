using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.Sessions;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.OpenAI;

/// <summary>Where a request's turn runs and what it is called.</summary>
/// <param name="Session">The session.</param>
/// <param name="MakesSession">Whether the session is made if it does not exist.</param>
/// <param name="Turn">The turn's name.</param>
/// <param name="IsFresh">Whether the name was made just now, so that nobody can know it.</param>
internal sealed record TurnAddress(SessionKey Session, bool MakesSession, TurnId Turn, bool IsFresh)
{
    /// <summary>How long the session is kept, if the turn makes it.</summary>
    public SessionLifetime Lifetime { get; init; }

    /// <summary>The address of a turn that a request for a response asks for.</summary>
    public static TurnAddress Of(CreateResponse request, string tenant, string? idempotencyKey, TimeProvider time)
    {
        if (request.Conversation is { } id) return Within(ConversationId.Read(tenant, id, "conversation"), idempotencyKey, time);
        if (request.Previous is { } previous)
        {
            return Within(ConversationId.Read(tenant, previous.Session, "previous_response_id"), idempotencyKey, time) with { MakesSession = false };
        }

        // Named by nobody: a session of its own, which the retry of a request with a key finds again.
        var own = idempotencyKey is null ? MintedId.New(tenant) : MintedId.FromKey(tenant, idempotencyKey);
        return Within(own, idempotencyKey, time) with { MakesSession = true, Lifetime = LifetimeOf(request.Options.Store) };
    }

    /// <summary>The address of the same turn in a fork, which the retry of a request with a key finds again.</summary>
    public static TurnAddress OfBranch(TurnAddress parent, string? idempotencyKey, bool isStored, ShardMap shards)
    {
        var tenant = parent.Session.Tenant;
        var session = MintedId.Beside(
            parent.Session, idempotencyKey is null ? MintedId.New(tenant) : MintedId.FromKey(tenant, idempotencyKey), shards);
        return parent with
        {
            Session = session,
            MakesSession = true,
            Turn = idempotencyKey is null ? parent.Turn : TurnId.FromKey(session, idempotencyKey),
            Lifetime = LifetimeOf(isStored),
        };
    }

    /// <summary>The address of a turn in a session that the caller named.</summary>
    public static TurnAddress Within(SessionKey session, string? idempotencyKey, TimeProvider time) => new(
        session,
        ConversationId.IsMadeOnUse(session),
        idempotencyKey is null ? TurnId.New(time) : TurnId.FromKey(session, idempotencyKey),
        idempotencyKey is null);

    private static SessionLifetime LifetimeOf(bool isStored) => isStored ? SessionLifetime.Unnamed : SessionLifetime.Private;
}
