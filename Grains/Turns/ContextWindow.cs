using Conversations.History;

namespace Conversations.Grains.Turns;

/// <summary>Which items a model sees: the newest ones, cut where a cut leaves a sensible history.</summary>
internal static class ContextWindow
{
    /// <summary>At most <paramref name="count"/> of the newest items, beginning with somebody's words if there are any.</summary>
    public static IReadOnlyList<Item> Newest(IReadOnlyList<Item> items, int count)
    {
        var from = StartOf(items, count);
        return from == 0 ? items : [.. items.Skip(from)];
    }

    /// <summary>The seq from which an activation must load to have the newest <paramref name="count"/>; the next item's if there is none.</summary>
    public static long FromSeq(IReadOnlyList<Item> items, int count, long next)
    {
        var from = StartOf(items, count);
        return from < items.Count ? items[from].Seq : next;
    }

    private static int StartOf(IReadOnlyList<Item> items, int count)
    {
        var first = Math.Max(0, items.Count - count);
        if (first == 0) return 0;
        for (var i = first; i < items.Count; i++)
        {
            if (items[i] is { IsOutput: false, Body: Message }) return i;
        }

        return first;
    }
}
