using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Streams;

/// <summary>A watcher that stops reading; what the gateway keeps for it meanwhile is counted in the unit tests of the stream.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class SlowWatcherTests(RunningCluster cluster)
{
    // Three million characters, and four times as many bytes in the stream: far more than the system's own buffers hold.
    private const int Pieces = 3_000;
    private const int PieceLength = 1_000;

    [Fact]
    public async Task Watcher_ReadsNothingForAMinute_HoldsUpNobodyAndThenGetsEveryEvent()
    {
        var session = RunningCluster.NewSession();
        cluster.Script.When(session, (_, _) => SayAsync());
        using var live = await cluster.Caller(0).StreamAsync(session, $"Tell {session}");
        await live.NextAsync();
        using var connection = new SlowConnection();
        using var slow = await connection.WatchAsync(cluster.Processes.Gateways[0].HttpUrl, live.Id);
        // The one case in which a test waits for time: that nothing happens for so long is what it is about.
        var minute = Task.Delay(TimeSpan.FromMinutes(1));

        var shown = await live.ToEndAsync();
        StreamRules.AssertCompleted(shown, string.Concat(Enumerable.Range(0, Pieces).Select(Piece)));
        (await cluster.Caller(0).SayAsync(session, "and the next")).Ok();
        // The turn has ended and the next one has run, and of the slow watcher's stream nothing was read.
        await minute;

        Assert.Equal(shown.Select(e => e.Frame), (await slow.ToEndAsync()).Select(e => e.Frame));
    }

    private static string Piece(int number) => $"{number} ".PadRight(PieceLength, '.');

    private static async IAsyncEnumerable<string> SayAsync()
    {
        await Task.Yield();
        for (var number = 0; number < Pieces; number++) yield return Piece(number);
    }
}
