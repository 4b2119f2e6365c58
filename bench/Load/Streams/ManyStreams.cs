using Conversations.Load.Gauges;
using Conversations.Load.Reports;

namespace Conversations.Load.Streams;

/// <summary>Many answers at the same time, each streamed to its own caller in its own session.</summary>
internal static class ManyStreams
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    /// <param name="gateway">The service.</param>
    /// <param name="key">The caller's key.</param>
    /// <param name="agent">The agent.</param>
    /// <param name="streams">How many at the same time.</param>
    /// <param name="tokens">How many tokens each has.</param>
    /// <param name="server">The process whose memory and processor time are read.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<Measured> MeasureAsync(Uri gateway, string key, string agent, int streams, int tokens, int server, CancellationToken stop)
    {
        using var client = new StreamClient(key);
        // What the compiler and the pools take is there before the first look.
        await RunAsync(client, gateway, agent, Math.Min(50, streams), stop);
        var (memory, processor) = (ProcessMemory.Of(server), ProcessorTime.Of(server));
        var all = RunAsync(client, gateway, agent, streams, stop);
        var most = memory;
        while (await Task.WhenAny(all, Task.Delay(Look, stop)) != all) most = Math.Max(most, ProcessMemory.Of(server));
        var done = await all;
        var took = ProcessorTime.Of(server) - processor;
        var first = done.Select(stream => stream.First.TotalMilliseconds).Order().ToList();
        return new Measured
        {
            ["streams"] = streams,
            ["tokens"] = done.Sum(stream => stream.Tokens),
            ["lost events"] = done.Sum(stream => stream.Lost + Math.Abs(tokens - stream.Tokens)),
            ["memory KB/stream"] = (most - memory) / 1024.0 / streams,
            ["server CPU ms"] = took.TotalMilliseconds,
            ["first token p50 ms"] = Rank.At(first, 0.5),
            ["first token p99 ms"] = Rank.At(first, 0.99),
            ["longest pause ms"] = done.Max(stream => stream.LongestPause.TotalMilliseconds),
        };
    }

    private static Task<Streamed[]> RunAsync(StreamClient client, Uri gateway, string agent, int streams, CancellationToken stop)
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        return Task.WhenAll(Enumerable.Range(0, streams).Select(number => client.TurnAsync(gateway, agent, $"{run}-{number}", "Hello", stop)));
    }
}
