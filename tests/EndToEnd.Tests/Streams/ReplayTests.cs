using System.Net;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Streams;

[Collection(RunningClusterGroup.Name)]
public sealed class ReplayTests(RunningCluster cluster)
{
    [Fact]
    public async Task Replay_OfAFinishedResponse_EqualsWhatWasLiveByteForByte()
    {
        var session = RunningCluster.NewSession();
        using var live = await cluster.Caller(0).StreamAsync(session, "Zoë says \"会話\" \\ 🙂 \t and <b>");
        var shown = await live.ToEndAsync();
        using var replay = await cluster.Caller(1).ResumeAsync(live.Id);
        var replayed = await replay.ToEndAsync();

        StreamRules.AssertCompleted(shown, "echo: Zoë says \"会話\" \\ 🙂 \t and <b>");
        Assert.Equal(Enumerable.Range(0, shown.Count), shown.Select(e => e.Number));
        Assert.Equal(shown.Select(e => e.Frame), replayed.Select(e => e.Frame));
        Assert.Equal(shown[^1].Response.ToJsonString(), (await cluster.Caller(1).GetAsync($"responses/{live.Id}")).Body.ToJsonString());
    }

    [Fact]
    public async Task Replay_AfterEachNumber_YieldsExactlyTheRest()
    {
        var session = RunningCluster.NewSession();
        using var live = await cluster.Caller().StreamAsync(session, "one two three");
        var shown = await live.ToEndAsync();

        for (var after = 0; after < shown.Count; after++)
        {
            using var rest = await cluster.Caller(after % 2).ResumeAsync(live.Id, after);
            Assert.Equal(shown.Skip(after + 1).Select(e => e.Frame), (await rest.ToEndAsync()).Select(e => e.Frame));
        }
    }

    [Fact]
    public async Task Watchers_ManyAtBothGatewaysFromAnyMoment_AllSeeTheSame()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        using var live = await cluster.Caller(0).StreamAsync(session, $"Tell {session}");
        await live.DeltasAsync(1);
        var early = await WatchAsync(20);
        await live.DeltasAsync(held.PiecesBefore);
        var late = await WatchAsync(20);
        held.GoOn();
        var shown = await live.ToEndAsync();

        StreamRules.AssertCompleted(shown, held.Text);
        foreach (var watcher in early.Concat(late))
        {
            using (watcher) Assert.Equal(shown.Select(e => e.Frame), (await watcher.ToEndAsync()).Select(e => e.Frame));
        }

        Task<LiveStream[]> WatchAsync(int count) => Task.WhenAll(Enumerable.Range(0, count).Select(i => cluster.Caller(i % 2).ResumeAsync(live.Id)));
    }

    [Fact]
    public async Task Stream_OfAQueuedTurn_SaysSoAndIsReplayedTheSame()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold($"Tell {session}");
        using var first = await cluster.Caller(0).StreamAsync(session, $"Tell {session}");
        await first.DeltasAsync(1);
        using var second = await cluster.Caller(1).StreamAsync(session, $"And then, {session}?");
        await second.NextAsync();
        await second.NextAsync();
        held.GoOn();
        StreamRules.AssertCompleted(await first.ToEndAsync(), held.Text);
        var shown = await second.ToEndAsync();
        using var replay = await cluster.Caller(0).ResumeAsync(second.Id);

        Assert.Equal(["response.created", "response.queued", "response.in_progress"], shown.Take(3).Select(e => e.Type));
        Assert.Equal(shown.Select(e => e.Frame), (await replay.ToEndAsync()).Select(e => e.Frame));
    }

    [Fact]
    public async Task Key_SentTwice_IsOneTurn()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        using var first = await cluster.Caller(0).StreamAsync(session, $"Tell {session}", ("Idempotency-Key", "k"));
        await first.DeltasAsync(1);
        using var joined = await cluster.Caller(1).StreamAsync(session, $"Tell {session}", ("Idempotency-Key", "k"));
        await joined.DeltasAsync(1);
        held.GoOn();
        var shown = await first.ToEndAsync();
        var late = (await cluster.Caller(1).SayAsync(session, $"Tell {session}", ("Idempotency-Key", "k"))).Ok();

        StreamRules.AssertCompleted(shown, held.Text);
        Assert.Equal(shown.Select(e => e.Frame), (await joined.ToEndAsync()).Select(e => e.Frame));
        Assert.Equal(first.Id, late.Id);
        Assert.Equal(held.Text, late.OutputText);
        Assert.Single(cluster.AskedAbout(session));
        Assert.Equal(2, (await cluster.Caller().TranscriptAsync(session)).Count);
    }

    [Fact]
    public async Task Key_SentTwiceWithoutAConversation_IsOneTurn()
    {
        var said = RunningCluster.NewSession();
        var first = (await cluster.Caller(0).PostAsync("responses", new JsonObject { ["input"] = said }, ("Idempotency-Key", said))).Ok();
        var second = (await cluster.Caller(1).PostAsync("responses", new JsonObject { ["input"] = said }, ("Idempotency-Key", said))).Ok();

        Assert.Equal(first.Text, second.Text);
        Assert.Single(cluster.AskedAbout(said));
    }

    [Fact]
    public async Task Key_WithAnotherBody_IsRefused()
    {
        var session = RunningCluster.NewSession();
        await cluster.Caller(0).SayAsync(session, "this", ("Idempotency-Key", "k"));
        var other = await cluster.Caller(1).SayAsync(session, "that", ("Idempotency-Key", "k"));

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Equal("idempotency_key_reused", other.ErrorCode);
        Assert.Equal(["user: this", "assistant: echo: this"], await cluster.Caller().TranscriptAsync(session));
    }

    [Fact]
    public async Task Cancel_OfARunningTurn_BreaksTheModelCallOffAndKeepsWhatWasSaid()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        using var stream = await cluster.Caller(0).StreamAsync(session, $"Tell {session}");
        await stream.DeltasAsync(held.PiecesBefore);
        var cancelled = (await cluster.Caller(1).PostAsync($"responses/{stream.Id}/cancel", null)).Ok();
        var again = (await cluster.Caller(1).PostAsync($"responses/{stream.Id}/cancel", null)).Ok();
        var shown = await stream.ToEndAsync();

        await (await held.Held).Abandoned.WaitAsync(Deadline.Length);
        Assert.Equal("cancelled", (string?)cancelled.Body["status"]);
        Assert.Equal(cancelled.Text, again.Text);
        StreamRules.AssertHold(shown);
        Assert.Equal("cancelled", (string?)shown[^1].Response["status"]);
        Assert.Equal("echo: next", (await cluster.Caller().SayAsync(session, "next")).Ok().OutputText);
        Assert.Equal(4, (await cluster.Caller().TranscriptAsync(session)).Count);
    }
}
