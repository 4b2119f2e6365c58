using Conversations.History;
using Conversations.Turns;

namespace Conversations.Sessions;

/// <summary>Where a session is to branch off another one of its tenant. Without a place: at the end of what has ended there.</summary>
[GenerateSerializer, Immutable, Alias("conversations.ForkFrom")]
public sealed record ForkFrom
{
    /// <summary>The id of the session to fork.</summary>
    [Id(0)] public required string Session { get; init; }

    /// <summary>The last item that both branches have, or null.</summary>
    [Id(1)] public ItemId? AtItem { get; init; }

    /// <summary>The first item that the fork does not have, or null.</summary>
    [Id(2)] public ItemId? BeforeItem { get; init; }

    /// <summary>The turn whose last item is the last that both branches have, or null.</summary>
    [Id(3)] public TurnId? AfterTurn { get; init; }

    /// <summary>Whether it comes from the one caller that a <see cref="SessionLifetime.Private"/> session is there for.</summary>
    [Id(4)] public bool OwnsSession { get; init; }
}

/// <summary>What a fork begins with.</summary>
/// <param name="Session">The id of the session that owns the last item that both have.</param>
/// <param name="Seq">How many items the fork begins with; the seq of the first one of its own.</param>
[GenerateSerializer, Immutable, Alias("conversations.Parent")]
public sealed record Parent([property: Id(0)] string Session, [property: Id(1)] long Seq)
{
    /// <summary>Whether the session itself was erased, and is kept only as what its forks begin with.</summary>
    public bool IsErased => Session.Contains('/', StringComparison.Ordinal);
}
