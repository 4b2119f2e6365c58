using System.Collections.Concurrent;
using System.Diagnostics;

namespace Conversations.Kills;

/// <summary>How many silos are given up although nobody killed them, while every core is wanted by several processes.</summary>
internal static class FalseEvictions
{
    private const int Writers = 16;

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    public static async Task<Figure> CountAsync(TimeSpan length, CancellationToken stop)
    {
        // One that is given up ends itself: it comes back, and the count goes on.
        await using var cluster = await MeasuredCluster.StartAsync(mounted: false, restartDead: true, stop);
        await cluster.WaitWholeAsync(stop);
        using var burners = new Burners(2 * Environment.ProcessorCount);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stop);
        over.CancelAfter(length);
        var times = new ConcurrentBag<TimeSpan>();
        var writers = Enumerable.Range(0, Writers).Select(number => WriteAsync(cluster, number, times, over.Token)).ToList();
        var (dead, votes) = (new HashSet<string>(), new HashSet<string>());
        var began = Stopwatch.GetTimestamp();
        while (!over.IsCancellationRequested)
        {
            foreach (var member in await cluster.MembersAsync(stop))
            {
                if (member.IsDead) dead.Add(member.Name);
                votes.UnionWith(member.Votes.Split('|', StringSplitOptions.RemoveEmptyEntries).Select(vote => $"{member.Name}: {vote}"));
            }

            Progress.Say($"busy for {Stopwatch.GetElapsedTime(began):mm\\:ss} of {length:mm\\:ss}: {times.Count} turns, {votes.Count} votes, {dead.Count} silos wrongly given up");
            await Task.Delay(Look, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(writers);
        Progress.End();
        stop.ThrowIfCancellationRequested();
        return Figure.OfTimes(
            $"turns while {burners.Count} loops keep {Environment.ProcessorCount} cores busy for {length.TotalMinutes:0} min: "
            + $"**{dead.Count} silos wrongly given up**, {votes.Count} votes for it",
            [.. times]);
    }

    private static async Task WriteAsync(MeasuredCluster cluster, int number, ConcurrentBag<TimeSpan> times, CancellationToken over)
    {
        var talker = new Talker(cluster.Processes.GatewayEndpoints[0].Http);
        try
        {
            for (var said = 0; !over.IsCancellationRequested; said++) times.Add((await talker.SayAsync($"busy-{number}-{said / 100}", "and on", over)).Took);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The time is over.
        }
    }
}
