using System.Collections.Immutable;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Agents;

/// <summary>A request that nobody sends: something is asked about it, and nothing of it is stored.</summary>
[GenerateSerializer, Immutable, Alias("conversations.Draft")]
public sealed record Draft
{
    /// <summary>Whose it is.</summary>
    [Id(0)] public required string Tenant { get; init; }

    /// <summary>What it would go on from, or null.</summary>
    [Id(1)] public ForkFrom? After { get; init; }

    /// <summary>Whether a session that does not exist is an empty one.</summary>
    [Id(2)] public bool MakesSession { get; init; }

    /// <summary>The items that it would append.</summary>
    [Id(3)] public ImmutableArray<ItemBody> Input { get; init; } = [];

    /// <summary>What else it asks for.</summary>
    [Id(4)] public required TurnOptions Options { get; init; }
}

/// <summary>What a history came to when it was compacted; or why it was not.</summary>
/// <param name="Kept">What its users said, as they said it.</param>
/// <param name="Summary">What stands for all of it.</param>
/// <param name="Usage">What the model used.</param>
/// <param name="Error">Why there is no summary, or null.</param>
[GenerateSerializer, Immutable, Alias("conversations.Compacted")]
public sealed record Compacted(
    [property: Id(0)] ImmutableArray<Message> Kept,
    [property: Id(1)] Compaction Summary,
    [property: Id(2)] Usage Usage,
    [property: Id(3)] TurnError? Error = null);
