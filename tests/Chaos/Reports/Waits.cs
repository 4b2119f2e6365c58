using System.Globalization;
using System.Text.Json.Serialization;
using Conversations.Chaos.Rounds;
using Conversations.Chaos.Workload;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Reports;

/// <summary>
/// How long requests that came during a kind of fault, or within a second after it, waited until they were accepted, or until their callers
/// gave up; seconds.
/// </summary>
internal sealed record Waits(int Count, double Median, double P99, double Longest)
{
    /// <summary>Of those whose callers hear of the acceptance, whatever stands before them in the queue: streamed and in the background.</summary>
    public static Waits Of(IEnumerable<RoundResult> rounds, string fault)
    {
        var waits = (
            from round in rounds
            from strike in round.Strikes
            where strike.Fault == fault
            from say in round.Says
            where say is { Way: not "Awaited", IsProbe: false } && say.Began >= strike.Began && say.Began <= strike.Ended + Chronicle.Second
            let known = say.Accepted ?? (say.Outcome == Outcome.Unknown ? say.Ended : null)
            where known is not null
            select (known.Value - say.Began) / (double)Chronicle.Second).Order().ToList();
        return waits.Count == 0 ? new Waits(0, 0, 0, 0) : new Waits(waits.Count, At(waits, 0.5), At(waits, 0.99), waits[^1]);
    }

    [JsonIgnore]
    public string Row => string.Create(CultureInfo.InvariantCulture, $"{Count:N0} | {Median:0.00} | {P99:0.00} | {Longest:0.00}");

    // The nearest rank: the smallest value that this part of all does not exceed.
    private static double At(List<double> sorted, double part) => sorted[(int)Math.Ceiling(part * sorted.Count) - 1];
}
