using Conversations.History;

namespace Conversations.Grains.Agents;

/// <summary>The history as its last compaction leaves it.</summary>
internal static class CompactedHistory
{
    /// <summary>The last compaction, if there is one, and the items that it does not stand for.</summary>
    public static IReadOnlyList<Item> Of(IReadOnlyList<Item> items)
    {
        for (var i = items.Count - 1; i >= 0; i--)
        {
            if (items[i].Body is Compaction) return After(items[i], items);
        }

        return items;
    }

    /// <summary>The seq of the last item that a compaction stands for; one that a caller brought stands for all before it.</summary>
    public static long ThroughOf(Item compaction) => (compaction.Body as Compaction)?.Through ?? compaction.Seq - 1;

    private static IReadOnlyList<Item> After(Item compaction, IReadOnlyList<Item> items)
    {
        var through = ThroughOf(compaction);
        return [compaction, .. items.Where(item => item.Seq > through && item.Body is not Compaction)];
    }
}
