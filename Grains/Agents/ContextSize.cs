using Conversations.History;

namespace Conversations.Grains.Agents;

/// <summary>An amount of history.</summary>
/// <param name="Items">In items.</param>
/// <param name="Tokens">In tokens; null: that does not matter.</param>
/// <param name="Counter">Counts them.</param>
internal sealed record ContextSize(int Items, int? Tokens, TokenCounter? Counter)
{
    public static ContextSize Of(int? items, int? tokens, string encoding) =>
        new(items ?? int.MaxValue, tokens, tokens is null ? null : TokenCounter.For(encoding));

    /// <summary>What is left of it beside these items; less than nothing if they are too much.</summary>
    public ContextSize Without(IEnumerable<Item> items)
    {
        var left = this;
        foreach (var item in items) left = left with { Items = left.Items - 1, Tokens = left.Tokens - Counter?.Count(item) };
        return left;
    }

    /// <summary>The smaller of two, in both measures.</summary>
    public ContextSize Or(ContextSize other) => new(
        Math.Min(Items, other.Items), Tokens is { } a && other.Tokens is { } b ? Math.Min(a, b) : Tokens ?? other.Tokens, Counter ?? other.Counter);

    /// <summary>A part of it, but something.</summary>
    public ContextSize DividedBy(int parts) => this with { Items = Math.Max(1, Items / parts), Tokens = Tokens / parts };

    /// <summary>Where the newest items begin that it has room for.</summary>
    public int FirstThatFits(IReadOnlyList<Item> items, int from)
    {
        var (count, tokens) = (0, 0L);
        for (var i = items.Count - 1; i >= from; i--)
        {
            count++;
            tokens += Counter?.Count(items[i]) ?? 0;
            if (count > Items || tokens > Tokens) return i + 1;
        }

        return from;
    }

    /// <summary>Where the fewest newest items begin that fill it; null: all of them do not.</summary>
    public int? FirstThatFills(IReadOnlyList<Item> items)
    {
        var (count, tokens) = (0, 0L);
        for (var i = items.Count - 1; i >= 0; i--)
        {
            count++;
            tokens += Counter?.Count(items[i]) ?? 0;
            if (count >= Items || tokens >= Tokens) return i;
        }

        return null;
    }
}
