using Conversations.Sessions;

namespace Conversations.Journal.Rows;

/// <summary>
/// What one write appends: the head's scalars as they are after it, and only the rows that changed. The write function of
/// <c>deploy/postgres</c> takes it apart; the names are its columns.
/// </summary>
public sealed record SessionDelta
{
    /// <summary>When the session was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How many items it has now.</summary>
    public required long ItemCount { get; init; }

    /// <summary>How many turns were ever accepted.</summary>
    public required long TurnCount { get; init; }

    /// <summary>The seq of the first item that an activation loads.</summary>
    public required long WindowFrom { get; init; }

    /// <summary>The turn accepted last.</summary>
    public Guid? NewestTurn { get; init; }

    /// <summary>The name of the silo that writes.</summary>
    public string? Silo { get; init; }

    /// <summary>Its address and generation, as the membership table has them: <c>address:port@generation</c>.</summary>
    public string? SiloAddress { get; init; }

    /// <summary>For a new fork: the session that owns the last item it begins with.</summary>
    public string? Parent { get; init; }

    /// <summary>For a new fork: how many items it begins with.</summary>
    public long? ParentSeq { get; init; }

    /// <summary>Metadata and settings, if they changed.</summary>
    public SessionData? Data { get; init; }

    /// <summary>New items.</summary>
    public IReadOnlyList<ItemRow>? Items { get; init; }

    /// <summary>New turns.</summary>
    public IReadOnlyList<TurnRow>? Accepted { get; init; }

    /// <summary>Known turns that changed.</summary>
    public IReadOnlyList<TurnRow>? Turns { get; init; }

    /// <summary>The items to blank.</summary>
    public IReadOnlyList<ErasedRow>? Erased { get; init; }

    /// <summary>The turns whose response was deleted.</summary>
    public IReadOnlyList<Guid>? Forgotten { get; init; }
}

/// <summary>An item that is to be blanked.</summary>
/// <param name="Seq">Which.</param>
/// <param name="FirstEvent">For output: the number of the event that said it was done. It is all that is left of its stream.</param>
public sealed record ErasedRow(long Seq, int? FirstEvent);

/// <summary>What an activation loads: the head, the unfinished turns and the newest items.</summary>
public sealed record SessionSnapshot
{
    /// <summary>When the session was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>How many items it has.</summary>
    public required long ItemCount { get; init; }

    /// <summary>How many turns were ever accepted.</summary>
    public required long TurnCount { get; init; }

    /// <summary>The seq of the first item that was to be loaded.</summary>
    public required long WindowFrom { get; init; }

    /// <summary>The turn accepted last.</summary>
    public Guid? NewestTurn { get; init; }

    /// <summary>The name of the silo that wrote last.</summary>
    public string? Silo { get; init; }

    /// <summary>Its address and generation.</summary>
    public string? SiloAddress { get; init; }

    /// <summary>The session that owns the last item it begins with, if it is a fork.</summary>
    public string? Parent { get; init; }

    /// <summary>How many items it begins with, if it is a fork.</summary>
    public long? ParentSeq { get; init; }

    /// <summary>Metadata and settings.</summary>
    public SessionData? Data { get; init; }

    /// <summary>The unfinished turns, in the order of acceptance.</summary>
    public IReadOnlyList<TurnRow>? Turns { get; init; }

    /// <summary>The newest items, in order.</summary>
    public IReadOnlyList<ItemRow>? Items { get; init; }
}

/// <summary>The head's small JSON: what a caller set, and how long it is kept.</summary>
public sealed record SessionData
{
    /// <summary>The caller's own notes.</summary>
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }

    /// <summary>How long it is kept; null: until somebody deletes it.</summary>
    public SessionLifetime? Lifetime { get; init; }

    /// <summary>The hash of the wish that it was made by, if its name was made of an idempotency key.</summary>
    public string? MadeBy { get; init; }

    /// <summary>Whether there was a session of its name before that was deleted; null: there was none.</summary>
    public bool? IsReborn { get; init; }

    /// <summary>The version of the tombstone it follows; null: there was none, or it was born before this was noted.</summary>
    public int? Life { get; init; }

    /// <summary>How often its metadata were replaced; null: never.</summary>
    public int? Revision { get; init; }
}
