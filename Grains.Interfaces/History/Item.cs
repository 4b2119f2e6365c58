namespace Conversations.History;

/// <summary>One immutable entry of a session's history.</summary>
/// <param name="Seq">Its place in the session, from 0 without gaps.</param>
/// <param name="Id">Its name.</param>
/// <param name="Status">Whether it is whole.</param>
/// <param name="Body">What it says; null once it was erased.</param>
/// <param name="Emission">How a model's item was streamed; null for input.</param>
[GenerateSerializer, Immutable, Alias("conversations.Item")]
public sealed record Item(
    [property: Id(0)] long Seq,
    [property: Id(1)] ItemId Id,
    [property: Id(2)] ItemStatus Status,
    [property: Id(3)] ItemBody? Body,
    [property: Id(4)] Emission? Emission = null)
{
    /// <summary>Whether the turn produced it (as against: was given it).</summary>
    public bool IsOutput => Emission is not null;
}

/// <summary>Whether an item is whole.</summary>
public enum ItemStatus : short
{
    /// <summary>Whole.</summary>
    Completed = 0,

    /// <summary>What there was when its turn was cut short.</summary>
    Incomplete = 1,
}

/// <summary>How an item was shown while it was produced: enough to derive its events again, byte for byte.</summary>
/// <param name="FirstEvent">The number of the event that announced it.</param>
/// <param name="Deltas">The lengths of its deltas, in UTF-16 units.</param>
[GenerateSerializer, Immutable, Alias("conversations.Emission")]
public sealed record Emission([property: Id(0)] int FirstEvent, [property: Id(1)] DeltaLengths Deltas);
