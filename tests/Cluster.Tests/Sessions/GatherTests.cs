using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Cluster.Tests.Sessions;

[Collection(BoundedGroup.Name)]
public sealed class GatherTests(BoundedCluster cluster)
{
    [Fact]
    public async Task Watch_AmidText_GivesTheFirstPieceAtOnceAndTheNextOnesTogetherWithTheEnd()
    {
        var goOn = new TaskCompletionSource();
        cluster.Model.Reply((_, _) => Pieces(goOn.Task));
        var key = cluster.NewKey();
        var turn = (await cluster.Session(key).SubmitAsync(SessionCluster.Say("count"))).Turn.Id;
        var shown = new List<TurnEvent>();
        while (shown is not [.., Delta]) shown.AddRange((await WatchAsync()).Events);
        Assert.Equal(["one "], shown.OfType<Delta>().Select(d => d.Text));

        var next = WatchAsync();
        goOn.SetResult();
        var batch = await next;

        Assert.Equal(["two ", "three"], batch.Events.OfType<Delta>().Select(d => d.Text));
        Assert.Equal(BatchState.Ended, batch.State);

        Task<EventBatch> WatchAsync() => cluster.Session(key).WatchAsync(turn, shown is [.., var last] ? last.Number : -1);
    }

    private static async IAsyncEnumerable<string> Pieces(Task goOn)
    {
        yield return "one ";
        await goOn;
        yield return "two ";
        yield return "three";
    }
}
