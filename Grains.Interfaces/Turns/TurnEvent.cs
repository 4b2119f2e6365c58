using System.Collections.Immutable;
using Conversations.History;

namespace Conversations.Turns;

/// <summary>
/// One numbered entry of a turn's stream. Each is one event on every wire, under the same number. Attempt <c>a</c> numbers from
/// <c>a × <see cref="AttemptStride"/></c>, without gaps inside an attempt.
/// </summary>
/// <param name="Number">Its number.</param>
[GenerateSerializer, Immutable, Alias("conversations.TurnEvent")]
public abstract record TurnEvent([property: Id(0)] int Number)
{
    /// <summary>How many numbers an attempt has.</summary>
    public const int AttemptStride = 1_000_000;

    /// <summary>The attempt that it belongs to.</summary>
    public int Attempt => Number / AttemptStride;
}

/// <summary>The turn was accepted. Always number 0.</summary>
/// <param name="Number">0.</param>
/// <param name="Turn">The turn as it was accepted: queued or in progress.</param>
[GenerateSerializer, Immutable, Alias("conversations.TurnAccepted")]
public sealed record TurnAccepted(int Number, [property: Id(0)] Turn Turn) : TurnEvent(Number);

/// <summary>The turn waits for others. Number 1, if at all.</summary>
/// <param name="Number">1.</param>
/// <param name="Turn">The turn.</param>
[GenerateSerializer, Immutable, Alias("conversations.TurnQueued")]
public sealed record TurnQueued(int Number, [property: Id(0)] Turn Turn) : TurnEvent(Number);

/// <summary>The turn began to run.</summary>
/// <param name="Number">1, or 2 if it was queued.</param>
/// <param name="Turn">The turn.</param>
[GenerateSerializer, Immutable, Alias("conversations.TurnStarted")]
public sealed record TurnStarted(int Number, [property: Id(0)] Turn Turn) : TurnEvent(Number);

/// <summary>The turn is tried again after its silo went: the first event of every attempt but attempt 0.</summary>
/// <param name="Number">The attempt times <see cref="TurnEvent.AttemptStride"/>.</param>
/// <param name="Silo">The name of the silo that runs it now.</param>
[GenerateSerializer, Immutable, Alias("conversations.AttemptStarted")]
public sealed record AttemptStarted(int Number, [property: Id(0)] string Silo) : TurnEvent(Number);

/// <summary>What all events about one output item have.</summary>
/// <param name="Number">Its number.</param>
/// <param name="OutputIndex">The item's place among the turn's journaled output, from 0.</param>
/// <param name="ItemId">The item's name.</param>
[GenerateSerializer, Immutable, Alias("conversations.ItemEvent")]
public abstract record ItemEvent(int Number, [property: Id(0)] int OutputIndex, [property: Id(1)] ItemId ItemId) : TurnEvent(Number);

/// <summary>An output item begins.</summary>
/// <param name="Number">Its number.</param>
/// <param name="OutputIndex">The item's place among the output.</param>
/// <param name="ItemId">The item's name.</param>
/// <param name="Body">The item as it begins: a message without content, a call without arguments.</param>
[GenerateSerializer, Immutable, Alias("conversations.ItemAdded")]
public sealed record ItemAdded(int Number, int OutputIndex, ItemId ItemId, [property: Id(0)] ItemBody Body)
    : ItemEvent(Number, OutputIndex, ItemId);

/// <summary>A part of an output item begins.</summary>
/// <param name="Number">Its number.</param>
/// <param name="OutputIndex">The item's place among the output.</param>
/// <param name="ItemId">The item's name.</param>
/// <param name="Kind">What the part holds.</param>
[GenerateSerializer, Immutable, Alias("conversations.PartAdded")]
public sealed record PartAdded(int Number, int OutputIndex, ItemId ItemId, [property: Id(0)] DeltaKind Kind)
    : ItemEvent(Number, OutputIndex, ItemId);

/// <summary>More text of an output item.</summary>
/// <param name="Number">Its number.</param>
/// <param name="OutputIndex">The item's place among the output.</param>
/// <param name="ItemId">The item's name.</param>
/// <param name="Kind">What the text is.</param>
/// <param name="Text">The piece.</param>
[GenerateSerializer, Immutable, Alias("conversations.Delta")]
public sealed record Delta(int Number, int OutputIndex, ItemId ItemId, [property: Id(0)] DeltaKind Kind, [property: Id(1)] string Text)
    : ItemEvent(Number, OutputIndex, ItemId);

/// <summary>The text of an output item is whole.</summary>
/// <param name="Number">Its number.</param>
/// <param name="OutputIndex">The item's place among the output.</param>
/// <param name="ItemId">The item's name.</param>
/// <param name="Kind">What the text is.</param>
/// <param name="Text">All of it.</param>
/// <param name="Name">For a call: the function's name.</param>
[GenerateSerializer, Immutable, Alias("conversations.TextDone")]
public sealed record TextDone(
    int Number, int OutputIndex, ItemId ItemId, [property: Id(0)] DeltaKind Kind, [property: Id(1)] string Text, [property: Id(2)] string? Name = null)
    : ItemEvent(Number, OutputIndex, ItemId);

/// <summary>A part of an output item is whole.</summary>
/// <param name="Number">Its number.</param>
/// <param name="OutputIndex">The item's place among the output.</param>
/// <param name="ItemId">The item's name.</param>
/// <param name="Kind">What the part holds.</param>
/// <param name="Text">All of its text.</param>
[GenerateSerializer, Immutable, Alias("conversations.PartDone")]
public sealed record PartDone(int Number, int OutputIndex, ItemId ItemId, [property: Id(0)] DeltaKind Kind, [property: Id(1)] string Text)
    : ItemEvent(Number, OutputIndex, ItemId);

/// <summary>An output item is whole and on disk.</summary>
/// <param name="Number">Its number.</param>
/// <param name="OutputIndex">The item's place among the output.</param>
/// <param name="ItemId">The item's name.</param>
/// <param name="Item">The item.</param>
[GenerateSerializer, Immutable, Alias("conversations.ItemDone")]
public sealed record ItemDone(int Number, int OutputIndex, ItemId ItemId, [property: Id(0)] Item Item)
    : ItemEvent(Number, OutputIndex, ItemId);

/// <summary>The turn ended, and that is on disk. The last event, exactly once.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Turn">The turn as it ended.</param>
/// <param name="Output">All its output items, in order.</param>
[GenerateSerializer, Immutable, Alias("conversations.TurnEnded")]
public sealed record TurnEnded(int Number, [property: Id(0)] Turn Turn, [property: Id(1)] ImmutableArray<Item> Output) : TurnEvent(Number);

/// <summary>What a delta, or a part, is a piece of.</summary>
public enum DeltaKind
{
    /// <summary>An answer's text.</summary>
    Text = 0,

    /// <summary>A function call's arguments.</summary>
    Arguments = 1,

    /// <summary>The words in which the model declines.</summary>
    Refusal = 2,

    /// <summary>A summary of the model's thinking.</summary>
    ReasoningSummary = 3,
}
