namespace Conversations.Checker.Evidence;

/// <summary>A session as it is in the database, read without the service.</summary>
public sealed record StoredSession(
    string Tenant, string Session, bool IsDeleted, string? Parent, long? ParentSeq, long ItemCount, IReadOnlyList<StoredItem> Items, IReadOnlyList<StoredTurn> Turns);

/// <summary>One row of history.</summary>
public sealed record StoredItem(long Seq, string Turn, int Index, Item Item);

/// <summary>One row of a turn. Status: 0 queued, 1 in progress, 2 completed, 3 incomplete, 4 failed, 5 cancelled.</summary>
public sealed record StoredTurn(string Turn, int Status, long? FirstSeq, int ItemCount, bool IsSuperseded, bool IsParked, string? MergedInto)
{
    public bool IsTerminal => Status >= 2;
}
