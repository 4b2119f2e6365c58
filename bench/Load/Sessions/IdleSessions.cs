using Conversations.Load.Targets;

namespace Conversations.Load.Sessions;

/// <summary>What a session in memory takes while nobody uses it, and what is left of it once it went.</summary>
internal static class IdleSessions
{
    private const int AtATime = 64;

    /// <param name="count">How many sessions have a turn each and stay.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Measured> MeasureAsync(int count, CancellationToken stop)
    {
        await using var silo = await PrivateSilo.StartAsync(stop);
        // What the process takes anyway is there before the first look: a thousand sessions have come and gone.
        await TouchAsync(silo.Silo, 1_000, stop);
        await Activations.CollectAsync(silo.Silo, stop);
        var before = Memory();
        await TouchAsync(silo.Silo, count, stop);
        var active = await Activations.CountAsync(silo.Silo);
        var during = Memory();
        await Activations.CollectAsync(silo.Silo, stop);
        return new Measured
        {
            ["sessions touched"] = count,
            ["sessions active"] = active,
            ["KB per idle activation"] = (during - before) / 1024.0 / active,
            ["KB left per session that went"] = (Memory() - before) / 1024.0 / count,
        };
    }

    private static async Task TouchAsync(InProcessSilo silo, int count, CancellationToken stop)
    {
        await using var turns = new InProcessTurns(silo.Sessions, count);
        var text = new string('q', 200);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = stop },
            async (session, token) => await turns.SayAsync(session, text, token));
    }

    private static long Memory()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
