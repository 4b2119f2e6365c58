using Conversations.Grains.Agents;
using Conversations.History;

namespace Conversations.Grains.Turns;

/// <summary>Which items a model sees: the newest ones, cut where a cut leaves a sensible history.</summary>
internal static class ContextWindow
{
    /// <summary>As many as an activation loads.</summary>
    public const int MostItems = 2_000;

    /// <summary>
    /// The newest items that the agent has room for, behind the last summary. It begins with somebody's words if there are any, never
    /// with an output whose call is missing; and what the turn is about is in it, whatever came of it since.
    /// </summary>
    public static IReadOnlyList<Item> Newest(IReadOnlyList<Item> items, ContextSize size)
    {
        var history = HistoryOf(items);
        var head = HeadOf(history);
        var open = OpenPlaces(history);
        var room = size.Without(history.Take(head));
        var (asked, answered) = NewestInput(history, head, open);
        var start = NextCut(room.FirstThatFits(history, head), open);
        if (asked < 0) return Join(history, head, FirstWords(history, start, int.MaxValue));
        if (start <= asked) return Join(history, head, FirstWords(history, start, asked));

        // The turn alone is more than there is room for: its beginning stays, and the newest of what it came to.
        var about = history.Skip(asked).Take(answered - asked).ToList();
        start = NextCut(room.Without(about).FirstThatFits(history, answered), open);
        return [.. history.Take(head), .. about, .. history.Skip(start)];
    }

    /// <summary>Whether a window goes without something that no summary stands for.</summary>
    /// <param name="window">The window.</param>
    /// <param name="items">The items in memory.</param>
    /// <param name="from">From where an activation has them.</param>
    public static bool LeavesOut(IReadOnlyList<Item> window, IReadOnlyList<Item> items, long from)
    {
        var history = HistoryOf(items);
        return window.Count < history.Count || (from > 0 && HeadOf(history) == 0);
    }

    /// <summary>The seq from which an activation must load to serve the agent; null: from where it did.</summary>
    public static long? FromSeq(IReadOnlyList<Item> items, Agent agent)
    {
        var summary = items.LastOrDefault(i => i.Body is Compaction);
        if (agent.CompactAfter is null && summary is null)
        {
            var whole = WholeOf(items);
            return agent.Window.FirstThatFills(whole) is { } fills ? whole[Math.Min(fills, FirstOpenCall(whole))].Seq : null;
        }

        // What no summary stands for yet is kept until one does, within the bound of memory; and the summary itself, also a caller's.
        var through = summary is null ? -1 : CompactedHistory.ThroughOf(summary);
        var first = Math.Max(items.TakeWhile(i => i.Seq <= through).Count(), items.Count - MostItems);
        return first > 0 ? items[first].Seq : null;
    }

    /// <summary>Whether the agent has room for more than an activation has that knows the history from <paramref name="from"/> on.</summary>
    public static bool LacksItems(IReadOnlyList<Item> items, long from, Agent agent)
    {
        if (from == 0) return false;
        var history = CompactedHistory.Of(items);
        if (history is [{ Body: Compaction } summary, ..] && CompactedHistory.ThroughOf(summary) + 1 >= items[0].Seq) return false;
        return agent.Window.FirstThatFills(history) is null;
    }

    /// <summary>The seq of the last item that a summary is to stand for now; null: none is due.</summary>
    /// <param name="items">The items in memory.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="turn">The first seq of the running turn, of which nothing is summarised.</param>
    public static long? CompactThrough(IReadOnlyList<Item> items, Agent agent, long turn)
    {
        if (agent.CompactAfter is not { } most) return null;
        var history = HistoryOf(items);
        var head = HeadOf(history);
        // Past the threshold, or where the window would leave something out that nothing stands for.
        var bound = most.Or(agent.Window.Without(history.Take(head)));
        if (bound.FirstThatFits(history, head) == head) return null;
        var open = OpenPlaces(history);
        var start = FirstWords(history, NextCut(bound.DividedBy(4).FirstThatFits(history, head), open), int.MaxValue);
        start = Math.Min(start, history.TakeWhile((item, i) => i < head || item.Seq < turn).Count());
        while (start > head && start < history.Count && open[start]) start--;
        return start - head >= 2 ? history[start - 1].Seq : null;
    }

    private static int HeadOf(List<Item> history) => history is [{ Body: Compaction }, ..] ? 1 : 0;

    private static List<Item> Join(List<Item> history, int head, int start) =>
        start == head ? history : [.. history.Take(head), .. history.Skip(start)];

    private static List<Item> HistoryOf(IReadOnlyList<Item> items) => WholeOf(CompactedHistory.Of(items));

    // What a model can be handed at all: an output whose call is not there says nothing to anybody.
    private static List<Item> WholeOf(IReadOnlyList<Item> items)
    {
        var calls = new HashSet<string>(StringComparer.Ordinal);
        var whole = new List<Item>(items.Count);
        foreach (var item in items)
        {
            if (item.Body is FunctionCall call) calls.Add(call.CallId);
            if (item.Body is not FunctionCallOutput output || calls.Remove(output.CallId)) whole.Add(item);
        }

        return whole;
    }

    // The places between a call and its output, where no window may begin.
    private static bool[] OpenPlaces(List<Item> history)
    {
        var open = new bool[history.Count];
        var calls = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < history.Count; i++)
        {
            if (history[i].Body is FunctionCall call) calls[call.CallId] = i;
            if (history[i].Body is FunctionCallOutput output) open.AsSpan(calls[output.CallId] + 1, i - calls[output.CallId]).Fill(true);
        }

        return open;
    }

    // From where to where the newest thing goes that somebody said: an output that a caller brought needs its call.
    private static (int From, int To) NewestInput(List<Item> history, int head, bool[] open)
    {
        for (var i = history.Count - 1; i >= head; i--)
        {
            if (history[i] is not { IsOutput: false, Body: not null }) continue;
            var from = i;
            while (open[from]) from--;
            return (from, i + 1);
        }

        return (-1, -1);
    }

    // The caller is about to answer the calls of the newest turn.
    private static int FirstOpenCall(List<Item> items)
    {
        var answered = items.Select(i => i.Body).OfType<FunctionCallOutput>().Select(o => o.CallId).ToHashSet(StringComparer.Ordinal);
        for (var i = 0; i < items.Count; i++)
        {
            if (items[i].Body is FunctionCall call && items[i].Id.Turn == items[^1].Id.Turn && !answered.Contains(call.CallId)) return i;
        }

        return items.Count;
    }

    private static int NextCut(int start, bool[] open)
    {
        while (start < open.Length && open[start]) start++;
        return start;
    }

    private static int FirstWords(List<Item> history, int start, int last)
    {
        for (var i = start; i < history.Count && i <= last; i++)
        {
            if (history[i] is { IsOutput: false, Body: Message }) return i;
        }

        return start;
    }
}
