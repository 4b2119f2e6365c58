using System.Collections.Immutable;
using Conversations.Agents;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Requests;

/// <summary>A wish for a response, whichever wire it came by.</summary>
internal sealed record TurnWish
{
    public required string Tenant { get; init; }

    public required ImmutableArray<ItemBody> Input { get; init; }

    public required TurnOptions Options { get; init; }

    /// <summary>The session that the caller names, or null.</summary>
    public SessionKey? Session { get; init; }

    /// <summary>The turn to go on from where that can be done, be it in a fork; or null. Not together with <see cref="Session"/>.</summary>
    public TurnPlace? Previous { get; init; }

    /// <summary>The turn that must be the newest of <see cref="Session"/>, or null.</summary>
    public TurnId? After { get; init; }

    /// <summary>The number of items that <see cref="Session"/> must have, or null.</summary>
    public long? ExpectedSeq { get; init; }

    /// <summary>The history that it goes on from, or null.</summary>
    public ForkFrom? History => this switch
    {
        { Session: { } named } => new ForkFrom { Session = named.Id },
        { Previous: { } previous } => new ForkFrom { Session = previous.Session.Id, AfterTurn = previous.Turn },
        _ => null,
    };

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

    /// <summary>The turn to ask for at an address.</summary>
    public TurnRequest At(TurnAddress address, string? requestId) => new()
    {
        Id = address.Turn,
        IsFirstTry = address.IsFresh,
        Fingerprint = Fingerprint.Of(Input, Options, CallsModel),
        Input = Input,
        Options = Options with { RequestId = requestId },
        CallsModel = CallsModel,
        Overlap = Overlap,
        CreatesSession = address.MakesSession,
        Lifetime = address.Lifetime,
        OwnsSession = OwnsPrevious || address.Lifetime == SessionLifetime.Private,
        After = Previous?.Turn ?? After,
        MayFork = Previous is not null,
        ExpectedSeq = ExpectedSeq,
        IsResent = IsResent,
    };

    /// <summary>The same, to be asked about and not made.</summary>
    public Draft AsDraft() => new()
    {
        Tenant = Tenant,
        After = History,
        MakesSession = Session is { } key && MintedId.IsMadeOnUse(key),
        Input = Input,
        Options = Options,
    };
}

/// <summary>A turn and where it is.</summary>
internal readonly record struct TurnPlace(SessionKey Session, TurnId Turn);
