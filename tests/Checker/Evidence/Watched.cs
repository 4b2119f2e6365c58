namespace Conversations.Checker.Evidence;

/// <summary>One connection on which a turn was watched.</summary>
/// <param name="After">The number after which it was asked for; null from the start.</param>
/// <param name="Events">What came, in its order.</param>
/// <param name="IsWhole">Whether the stream was ended in good order, rather than broken off.</param>
public sealed record Watched(long? After, IReadOnlyList<WatchedEvent> Events, bool IsWhole);

/// <summary>An event of a turn's stream.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Type">The dialect's name.</param>
/// <param name="Item">The item it is about.</param>
/// <param name="Text">A delta, or the item's whole text where it is done.</param>
/// <param name="Status">The item's or the turn's, where the event tells it.</param>
public sealed record WatchedEvent(long Number, string Type, string? Item, string? Text, string? Status)
{
    public bool IsEnd => Type is "response.completed" or "response.incomplete" or "response.failed";
}
