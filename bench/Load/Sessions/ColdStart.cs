using System.Diagnostics;
using System.Globalization;
using Conversations.Load.Reports;
using Conversations.Load.Targets;
using Conversations.Sessions;

namespace Conversations.Load.Sessions;

/// <summary>How long the first call of a session takes that is in nobody's memory: with few items, and with many.</summary>
internal static class ColdStart
{
    private const int Few = 10;
    private const int Sessions = 10;
    private const int Characters = 200;

    /// <param name="many">How many items the longer ones have.</param>
    /// <param name="rounds">How often each of them is activated.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Measured> MeasureAsync(int many, int rounds, CancellationToken stop)
    {
        await using var silo = await PrivateSilo.StartAsync(stop);
        await using var turns = new InProcessTurns(silo.Silo.Sessions, 2 * Sessions);
        for (var i = 0; i < 2 * Sessions; i++)
        {
            await LongSessions.LengthenAsync(turns, i, IsShort(i) ? Few : many, Characters, stop);
            // As a conversation ends: the window moves with a turn's end.
            await turns.SayAsync(i, new string('q', Characters), stop);
        }

        var (shorter, longer) = (new List<double>(), new List<double>());
        // The first round is for the compiler.
        for (var round = 0; round <= rounds; round++)
        {
            await Activations.CollectAsync(silo.Silo, stop);
            for (var i = 0; i < 2 * Sessions; i++)
            {
                var grain = silo.Silo.Grains.GetGrain<ISessionGrain>(turns.Key(i).ToString());
                var began = Stopwatch.GetTimestamp();
                await grain.WakeAsync();
                if (round > 0) (IsShort(i) ? shorter : longer).Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            }
        }

        var (few, most) = (Rank.Median(shorter), Rank.Median(longer));
        return new Measured
        {
            [$"p50 ms with {Few.ToString("N0", CultureInfo.InvariantCulture)} items"] = few,
            [$"p50 ms with {many.ToString("N0", CultureInfo.InvariantCulture)} items"] = most,
            ["cold ratio"] = most / few,
        };
    }

    // In turns: what disturbs the machine for a moment disturbs both.
    private static bool IsShort(int session) => session % 2 == 0;
}
