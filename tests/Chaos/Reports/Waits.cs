using System.Globalization;
using System.Text.Json.Serialization;
using Conversations.Chaos.Rounds;
using Conversations.Chaos.Workload;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Reports;

/// <summary>How long requests that came during a kind of fault, or within a second after it, waited for their acknowledgement; seconds.</summary>
internal sealed record Waits(int Count, double Median, double P99, double Longest)
{
    /// <summary>Of those that wait for nothing but the acknowledgement: streamed, in the background, appended.</summary>
    public static Waits Of(IEnumerable<RoundResult> rounds, string fault)
    {
        var waits = (
            from round in rounds
            from strike in round.Strikes
            where strike.Fault == fault
            from operation in round.File.Operations
            where operation.Began >= strike.Began && operation.Began <= strike.Ended + Chronicle.Second
            let accepted = operation switch
            {
                Say { Way: not "Awaited", IsProbe: false } say => say.Accepted,
                Append { Outcome: Outcome.Ok } append => append.Ended,
                _ => null,
            }
            where accepted is not null
            select (accepted.Value - operation.Began) / (double)Chronicle.Second).Order().ToList();
        return waits.Count == 0 ? new Waits(0, 0, 0, 0) : new Waits(waits.Count, At(waits, 0.5), At(waits, 0.99), waits[^1]);
    }

    [JsonIgnore]
    public string Row => string.Create(CultureInfo.InvariantCulture, $"{Count:N0} | {Median:0.00} | {P99:0.00} | {Longest:0.00}");

    // The nearest rank: the smallest value that this part of all does not exceed.
    private static double At(List<double> sorted, double part) => sorted[(int)Math.Ceiling(part * sorted.Count) - 1];
}
