using System.Diagnostics;
using System.Globalization;
using Conversations.Load.Gauges;
using Conversations.Load.Reports;
using Conversations.Load.Targets;

namespace Conversations.Load.Sessions;

/// <summary>What a turn costs in a session with few items and in one with many: the one and the other in turns, in blocks.</summary>
internal static class History
{
    private const int Few = 10;
    private const int Block = 50;
    private const int Characters = 1_000;

    /// <param name="many">How many items the longer one has.</param>
    /// <param name="blocks">How many blocks of turns each of them has.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Measured> MeasureAsync(int many, int blocks, CancellationToken stop)
    {
        await using var silo = await PrivateSilo.StartAsync(stop);
        await silo.LeaveOutPageImagesAsync(stop);
        await using var gauge = await silo.GaugeAsync(stop);
        // Blocks lengthen the shorter one: a new one for each block, beside the one that is long already.
        await using var turns = new InProcessTurns(silo.Silo.Sessions, blocks + 2);
        await LongSessions.LengthenAsync(turns, 0, many, Characters, stop);
        await BlockAsync(turns, gauge, 0, stop);
        await BlockAsync(turns, gauge, 1, stop);
        var (shorter, longer) = (new List<Cost>(), new List<Cost>());
        for (var i = 0; i < blocks; i++)
        {
            await LongSessions.LengthenAsync(turns, i + 2, Few, Characters, stop);
            shorter.Add(await BlockAsync(turns, gauge, i + 2, stop));
            longer.Add(await BlockAsync(turns, gauge, 0, stop));
        }

        var (few, most) = (Text(Few), Text(many));
        var (shortWal, longWal) = (Rank.Median(shorter.Select(c => c.Wal)), Rank.Median(longer.Select(c => c.Wal)));
        var (shortTime, longTime) = (Rank.Median(shorter.Select(c => c.Milliseconds)), Rank.Median(longer.Select(c => c.Milliseconds)));
        return new Measured
        {
            [$"p50 ms at {few} items"] = shortTime,
            [$"p50 ms at {most} items"] = longTime,
            ["latency ratio"] = longTime / shortTime,
            [$"WAL bytes/turn at {few} items"] = shortWal,
            [$"WAL bytes/turn at {most} items"] = longWal,
            ["WAL ratio"] = longWal / shortWal,
            ["WAL / payload"] = shortWal / (2 * Characters),
        };
    }

    private static async Task<Cost> BlockAsync(InProcessTurns turns, DatabaseGauge gauge, int session, CancellationToken stop)
    {
        var text = new string('q', Characters);
        var took = new List<double>();
        var before = (await gauge.ReadAsync(stop)).Wal;
        for (var i = 0; i < Block; i++)
        {
            var began = Stopwatch.GetTimestamp();
            await turns.SayAsync(session, text, stop);
            took.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return new Cost(Rank.Median(took), (double)((await gauge.ReadAsync(stop)).Wal - before) / Block);
    }

    private static string Text(int number) => number.ToString("N0", CultureInfo.InvariantCulture);

    private readonly record struct Cost(double Milliseconds, double Wal);
}
