using System.Globalization;

namespace Conversations.Kills;

/// <summary>A row of the report.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Count">How often.</param>
/// <param name="Median">Half took no longer.</param>
/// <param name="P99">One in a hundred took longer.</param>
/// <param name="Longest">None took longer.</param>
internal sealed record Figure(string What, int Count, TimeSpan Median, TimeSpan P99, TimeSpan Longest)
{
    public static Figure OfTimes(string what, List<TimeSpan> times)
    {
        if (times.Count == 0) throw new InvalidOperationException($"Nothing was measured: {what}.");
        times.Sort();
        return new Figure(what, times.Count, At(times, 0.5), At(times, 0.99), times[^1]);
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"| {What} | {Count:N0} | {Median.TotalSeconds:0.00} s | {P99.TotalSeconds:0.00} s | {Longest.TotalSeconds:0.00} s |");

    // The nearest rank: the smallest value that this part of all does not exceed.
    private static TimeSpan At(List<TimeSpan> sorted, double part) => sorted[(int)Math.Ceiling(part * sorted.Count) - 1];
}
