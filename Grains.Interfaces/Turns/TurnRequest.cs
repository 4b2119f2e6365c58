using System.Collections.Immutable;
using Conversations.History;
using Conversations.Sessions;

namespace Conversations.Turns;

/// <summary>A caller's wish for one turn.</summary>
[GenerateSerializer, Immutable, Alias("conversations.TurnRequest")]
public sealed record TurnRequest
{
    /// <summary>The turn's name. The same name with the same <see cref="Fingerprint"/> is the same turn, however often it is sent.</summary>
    [Id(0)] public required TurnId Id { get; init; }

    /// <summary>
    /// True when a server made <see cref="Id"/> just now and this is the first time it is sent, so that nobody need look whether it
    /// is known. Set it to false on every retry.
    /// </summary>
    [Id(1)] public bool IsFirstTry { get; init; }

    /// <summary>A hash of everything in the request that makes it another request; at most 32 bytes.</summary>
    [Id(2)] public required ReadOnlyMemory<byte> Fingerprint { get; init; }

    /// <summary>The items to append before the model is called.</summary>
    [Id(3)] public required ImmutableArray<ItemBody> Input { get; init; }

    /// <summary>Everything else that the caller asks for.</summary>
    [Id(4)] public required TurnOptions Options { get; init; }

    /// <summary>False: only append the input, without calling a model.</summary>
    [Id(5)] public bool CallsModel { get; init; } = true;

    /// <summary>What to do if the session is busy; null: the session's own default, else <see cref="OverlapKind.Enqueue"/>.</summary>
    [Id(6)] public OverlapPolicy? Overlap { get; init; }

    /// <summary>Whether to make the session if it does not exist.</summary>
    [Id(7)] public bool CreatesSession { get; init; }

    /// <summary>The turn to go on from, or null. It must be the newest accepted one, unless <see cref="MayFork"/>.</summary>
    [Id(8)] public TurnId? After { get; init; }

    /// <summary>The number of items that the session must have when the turn is accepted, or null.</summary>
    [Id(9)] public long? ExpectedSeq { get; init; }

    /// <summary>
    /// Whether the caller can send the request to a fork: then it is answered so if <see cref="After"/> is not the newest turn, or was
    /// made in a session that its caller named, whose history is not this caller's alone.
    /// </summary>
    [Id(10)] public bool MayFork { get; init; }

    /// <summary>
    /// Whether the caller's client sends the request again by itself, under another name: then it is the newest accepted turn, if that has
    /// the same <see cref="Fingerprint"/> and nobody knows that its answer was delivered.
    /// </summary>
    [Id(12)] public bool IsResent { get; init; }

    /// <summary>What to make the session from if it does not exist, or null.</summary>
    [Id(11)] public ForkFrom? From { get; init; }

    /// <summary>How long the session is kept, if the request makes it.</summary>
    [Id(13)] public SessionLifetime Lifetime { get; init; }

    /// <summary>Whether it comes from the one caller that a <see cref="SessionLifetime.Private"/> session is there for.</summary>
    [Id(14)] public bool OwnsSession { get; init; }
}
