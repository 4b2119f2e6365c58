using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.DependencyInjection;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sessions;

[Collection("cluster")]
public sealed class SessionEventsTests(SessionCluster cluster)
{
    private ISessionEventReader Reader => cluster.Cluster.Silos[0].ServiceProvider.GetRequiredService<ISessionEventReader>();

    [Fact]
    public async Task Events_AfterAnyPlace_AreExactlyTheRest()
    {
        var key = cluster.NewKey();
        var session = cluster.Session(key);
        for (var round = 0; round < 5; round++)
        {
            var accepted = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => session.SubmitAsync(Say($"{round}.{i}") with { CallsModel = i % 4 != 3 })));
            await session.CancelAsync(accepted[^2].Turn.Id);
            foreach (var turn in accepted) await cluster.EventsAsync(key, turn.Turn.Id);
        }

        var all = await AllAsync(key, SessionCursor.Start);
        Assert.Equal(30, all.Count(e => e.Event is TurnEnded));
        Assert.Equal(30, all.Count(e => e.Event is TurnAccepted));
        Assert.Equal(all.Count, all.Select(e => e.Cursor).Distinct().Count());
        foreach (var version in all.Select(e => e.Cursor!.Value).GroupBy(c => c.Version))
        {
            Assert.Equal(Enumerable.Range(0, version.Count()), version.Select(c => c.Index));
        }

        for (var i = 0; i < all.Count; i++) Assert.Equal(all.Skip(i + 1).Select(Shape), (await AllAsync(key, all[i].Cursor!.Value)).Select(Shape));
    }

    [Fact]
    public async Task Events_OfAFork_BeginWithItsOwn()
    {
        var key = cluster.NewKey("parent");
        await cluster.TurnAsync(key, "one");
        SessionKey.TryCreate(key.Tenant, "fork", out var fork);
        await cluster.Session(fork).ForkAsync(new ForkFrom { Session = "parent" }, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty);
        await cluster.TurnAsync(fork, "two");

        var all = await AllAsync(fork, SessionCursor.Start);
        Assert.Equal(["two"], all.Select(e => e.Given?.Body).OfType<Message>().Select(m => ((InputText)m.Content[0]).Text));
        Assert.Equal(all.Skip(2).Select(Shape), (await AllAsync(fork, all[1].Cursor!.Value)).Select(Shape));
    }

    [Fact]
    public async Task Events_OfAnErasedItem_KeepTheirPlaces()
    {
        var key = cluster.NewKey();
        var end = await cluster.TurnAsync(key, "one");
        var before = await AllAsync(key, SessionCursor.Start);
        await cluster.Session(key).EraseItemAsync(end.Output[0].Id);

        Assert.Equal(before.Select(e => e.Cursor), (await AllAsync(key, SessionCursor.Start)).Select(e => e.Cursor));
    }

    [Fact]
    public async Task Version_WrittenWhileSomebodyWaits_IsToldAtOnce()
    {
        var key = cluster.NewKey();
        await cluster.TurnAsync(key, "one");
        var version = await cluster.Session(key).WaitForVersionAsync(0);
        var waiting = cluster.Session(key).WaitForVersionAsync(version);
        Assert.False(waiting.IsCompleted);
        await cluster.Session(key).SubmitAsync(Say("two"));

        Assert.True(await waiting > version);
        await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(cluster.NewKey()).WaitForVersionAsync(0));
    }

    private static string Shape(SessionEvent e) => $"{e.Cursor} {e.Turn} {e.Event?.GetType().Name} {e.Event?.Number} {e.Given?.Seq}";

    private async Task<List<SessionEvent>> AllAsync(SessionKey key, SessionCursor after)
    {
        var all = new List<SessionEvent>();
        while (true)
        {
            var page = (await Reader.ReadAsync(key, after, default))!;
            all.AddRange(page.Events);
            if (!page.HasMore) return all;
            after = page.Events[^1].Cursor!.Value;
        }
    }
}
