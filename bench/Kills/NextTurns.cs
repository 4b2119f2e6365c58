using System.Diagnostics;

namespace Conversations.Kills;

/// <summary>How long after kill -9 of its silo a session's next turn is answered. The turn is asked for at once.</summary>
internal static class NextTurns
{
    private const int Sessions = 12;

    public static async Task<Figure> MeasureAsync(string name, bool mounted, int kills, CancellationToken stop)
    {
        await using var cluster = await MeasuredCluster.StartAsync(mounted, restartDead: false, stop);
        var times = new List<TimeSpan>();
        for (var kill = 1; kill <= kills; kill++)
        {
            await cluster.WaitWholeAsync(stop);
            times.AddRange(await KillAsync(cluster, $"{name}-{kill}".Replace(' ', '-'), stop));
            Progress.Say($"{name}: kill {kill} of {kills}, slowest so far {times.Max().TotalSeconds:0.00} s");
        }

        Progress.End();
        return Figure.OfTimes($"next turn after kill -9, {name} ({kills} kills)", times);
    }

    private static async Task<IEnumerable<TimeSpan>> KillAsync(MeasuredCluster cluster, string prefix, CancellationToken stop)
    {
        var processes = cluster.Processes;
        var first = new Talker(processes.GatewayEndpoints[0].Http);
        var sessions = Enumerable.Range(0, Sessions).Select(number => $"{prefix}-{number}").ToList();
        var turns = await Task.WhenAll(sessions.Select(session => first.SayAsync(session, "before", stop)));
        var hosted = sessions.Zip(turns).GroupBy(pair => pair.Second.Silo, pair => pair.First).MaxBy(group => group.Count())!;
        var victim = processes.Silos.Single(silo => silo.Name == hosted.Key);
        var survivor = processes.Gateways is [var gateway] ? gateway.HttpUrl : processes.Silos.First(silo => silo != victim).MountedGateway!.Http;

        var began = Stopwatch.GetTimestamp();
        await victim.KillAsync();
        var times = await Task.WhenAll(hosted.Select(async session =>
        {
            await new Talker(survivor).SayAsync(session, "after", stop);
            return Stopwatch.GetElapsedTime(began);
        }));

        await victim.StartAsync();
        await victim.WaitReadyAsync(stop);
        return times;
    }
}
