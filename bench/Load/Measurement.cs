using Conversations.Load.Gauges;
using Conversations.Load.Loops;
using Conversations.Load.Reports;

namespace Conversations.Load;

/// <summary>Carries out a plan.</summary>
internal static class Measurement
{
    public static async Task<Report> RunAsync(string what, ITurns turns, AllGauges gauges, Plan plan, CancellationToken stop)
    {
        var talk = new Talk(turns, plan, stop);
        await talk.RunForAsync(plan.Warmup);
        var readings = new List<Reading> { await gauges.ReadAsync(stop) };
        for (var round = 0; round < plan.Rounds; round++)
        {
            await talk.RunForAsync(plan.Round);
            readings.Add(await gauges.ReadAsync(stop));
        }

        var answered = (await talk.EndAsync()).ToList();
        return new Report(what, plan, [.. readings.Zip(readings.Skip(1), (from, to) => Round.Between(from, to, answered))]);
    }
}
