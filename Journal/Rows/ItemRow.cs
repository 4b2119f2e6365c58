using Conversations.History;
using Conversations.Turns;

namespace Conversations.Journal.Rows;

/// <summary>A row of the table <c>item</c>.</summary>
public sealed record ItemRow
{
    /// <summary>Its place in the session.</summary>
    public required long Seq { get; init; }

    /// <summary>The turn that it belongs to.</summary>
    public required Guid TurnId { get; init; }

    /// <summary>The attempt that produced it.</summary>
    public required int Attempt { get; init; }

    /// <summary>Its place among the turn's items.</summary>
    public required int Idx { get; init; }

    /// <summary>See <see cref="ItemStatus"/>.</summary>
    public required short Status { get; init; }

    /// <summary>The number of the event that announced it; null for input.</summary>
    public int? FirstEvent { get; init; }

    /// <summary>See <see cref="DeltaLengths"/>; as PostgreSQL writes <c>bytea</c>.</summary>
    public string? Deltas { get; init; }

    /// <summary>What it says; null once erased.</summary>
    public ItemBody? Body { get; init; }

    /// <summary>The row of an item.</summary>
    public static ItemRow From(Item item) => new()
    {
        Seq = item.Seq,
        TurnId = item.Id.Turn.Value,
        Attempt = item.Id.Attempt,
        Idx = item.Id.Index,
        Status = (short)item.Status,
        FirstEvent = item.Emission?.FirstEvent,
        Deltas = item.Emission is { Deltas.Bytes.Length: > 0 } emission ? Bytea.Write(emission.Deltas.Bytes.Span) : null,
        Body = item.Body,
    };

    /// <summary>The item of a row.</summary>
    public Item ToItem() => new(
        Seq,
        new ItemId(new TurnId(TurnId), Attempt, Idx),
        (ItemStatus)Status,
        Body,
        FirstEvent is { } first ? new Emission(first, new DeltaLengths(Bytea.Read(Deltas))) : null);
}
