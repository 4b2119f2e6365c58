namespace Conversations.Load.Reports;

/// <summary>Places in an order.</summary>
internal static class Rank
{
    /// <summary>The nearest rank: the smallest value that this part of all does not exceed.</summary>
    public static T At<T>(IReadOnlyList<T> sorted, double part) => sorted[Math.Max(0, (int)Math.Ceiling(part * sorted.Count) - 1)];

    /// <summary>The middle one; of two the mean.</summary>
    public static double Median(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return (sorted[(sorted.Count - 1) / 2] + sorted[sorted.Count / 2]) / 2;
    }
}
