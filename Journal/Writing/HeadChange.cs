namespace Conversations.Journal.Writing;

/// <summary>A session's head as a write leaves it: the type <c>head_change</c> of <c>deploy/postgres</c>.</summary>
internal sealed class HeadChange
{
    public required string Tenant { get; init; }

    public required string Session { get; init; }

    /// <summary>The version that the writer knows; null: the session is new.</summary>
    public int? Version { get; init; }

    public DateTime CreatedAt { get; set; }

    public long ItemCount { get; set; }

    public long TurnCount { get; set; }

    public long WindowFrom { get; set; }

    public Guid? NewestTurn { get; set; }

    public string? Silo { get; set; }

    public string? SiloAddress { get; set; }

    public string? Data { get; set; }
}
