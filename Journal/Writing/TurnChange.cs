namespace Conversations.Journal.Writing;

/// <summary>A turn that is new or changed: the type <c>turn_change</c> of <c>deploy/postgres</c>.</summary>
internal sealed class TurnChange
{
    /// <summary>Whose it is, as a place among the heads from 1.</summary>
    public int Head { get; set; }

    public Guid TurnId { get; set; }

    public long Ord { get; set; }

    public short Status { get; set; }

    public bool CallsModel { get; set; }

    public short Attempt { get; set; }

    public long? FirstSeq { get; set; }

    public int InputCount { get; set; }

    public int ItemCount { get; set; }

    public bool WasQueued { get; set; }

    public bool Parked { get; set; }

    public bool Superseded { get; set; }

    public Guid? MergedInto { get; set; }

    public DateTime? DueAt { get; set; }

    public DateTime? CreatedAt { get; set; }

    public DateTime? EndedAt { get; set; }

    public byte[]? Fingerprint { get; set; }

    /// <summary>Null: the turn is known.</summary>
    public string? Options { get; set; }

    public string? Progress { get; set; }

    public string? Input { get; set; }
}
