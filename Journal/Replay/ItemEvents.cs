using System.Collections.Immutable;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Journal.Replay;

/// <summary>
/// The events that show one output item. The live stream and the replay both make them here, so that they are the same to the byte.
/// </summary>
/// <param name="outputIndex">The item's place among the turn's output.</param>
/// <param name="id">The item's name.</param>
public readonly struct ItemEvents(int outputIndex, ItemId id)
{
    /// <summary>The events that announce an item, before its first delta.</summary>
    /// <param name="number">The number of the first of them.</param>
    /// <param name="body">The item, begun or whole.</param>
    public ImmutableArray<TurnEvent> Open(int number, ItemBody body) => body switch
    {
        Message message => [
            new ItemAdded(number, outputIndex, id, message with { Content = [] }),
            new PartAdded(number + 1, outputIndex, id, KindOf(message))],
        FunctionCall call => [new ItemAdded(number, outputIndex, id, call with { Arguments = "" })],
        Reasoning reasoning => [
            new ItemAdded(number, outputIndex, id, reasoning with { Summary = [], EncryptedContent = null }),
            new PartAdded(number + 1, outputIndex, id, DeltaKind.ReasoningSummary)],
        _ => [new ItemAdded(number, outputIndex, id, body)],
    };

    /// <summary>One more piece of text.</summary>
    public Delta More(int number, DeltaKind kind, string text) => new(number, outputIndex, id, kind, text);

    /// <summary>The events that close an item, after its last delta.</summary>
    /// <param name="number">The number of the first of them.</param>
    /// <param name="item">The whole item.</param>
    public ImmutableArray<TurnEvent> Close(int number, Item item) => item.Body switch
    {
        FunctionCall call => [
            new TextDone(number, outputIndex, id, DeltaKind.Arguments, call.Arguments, call.Name),
            new ItemDone(number + 1, outputIndex, id, item)],
        Message or Reasoning => [
            new TextDone(number, outputIndex, id, KindOf(item.Body), TextOf(item.Body)),
            new PartDone(number + 1, outputIndex, id, KindOf(item.Body), TextOf(item.Body)),
            new ItemDone(number + 2, outputIndex, id, item)],
        _ => [new ItemDone(number, outputIndex, id, item)],
    };

    /// <summary>The events of an item that comes in one piece.</summary>
    /// <param name="number">The number of the first of them.</param>
    /// <param name="item">The item.</param>
    public ImmutableArray<TurnEvent> Whole(int number, Item item)
    {
        if (item.Body is null) return Close(number, item);
        var open = Open(number, item.Body);
        return open.AddRange(Close(number + open.Length, item));
    }

    /// <summary>The number of the event that says that an item is done; null for input.</summary>
    public static int? DoneNumber(Item item)
    {
        if (item is not { Emission: { } shown, Body: { } body }) return item.Emission?.FirstEvent;
        var events = new ItemEvents(0, item.Id);
        return shown.FirstEvent + events.Open(0, body).Length + shown.Deltas.Cut(TextOf(body)).Count() + events.Close(0, item).Length - 1;
    }

    /// <summary>What an item's deltas are pieces of.</summary>
    public static DeltaKind KindOf(ItemBody body) => body switch
    {
        FunctionCall => DeltaKind.Arguments,
        Reasoning => DeltaKind.ReasoningSummary,
        Message { Content: [RefusalText, ..] } => DeltaKind.Refusal,
        _ => DeltaKind.Text,
    };

    /// <summary>The text that an item's deltas add up to.</summary>
    public static string TextOf(ItemBody body) => body switch
    {
        FunctionCall call => call.Arguments,
        Reasoning { Summary: [var summary, ..] } => summary,
        Message { Content: [OutputText part, ..] } => part.Text,
        Message { Content: [RefusalText part, ..] } => part.Refusal,
        _ => "",
    };
}
