namespace Conversations.Journal.Writing;

/// <summary>A new item: the type <c>item_change</c> of <c>deploy/postgres</c>.</summary>
internal sealed class ItemChange
{
    /// <summary>Whose it is, as a place among the heads from 1.</summary>
    public int Head { get; set; }

    public long Seq { get; set; }

    public Guid TurnId { get; set; }

    public short Attempt { get; set; }

    public int Idx { get; set; }

    public short Status { get; set; }

    public int? FirstEvent { get; set; }

    public byte[]? Deltas { get; set; }

    public string? Body { get; set; }
}
