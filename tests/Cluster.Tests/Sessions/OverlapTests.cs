using Conversations.Sessions;
using Conversations.Turns;
using Npgsql;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sessions;

[Collection("cluster")]
public sealed class OverlapTests(SessionCluster cluster) : IDisposable
{
    private readonly TaskCompletionSource _gate = new();

    public void Dispose()
    {
        _gate.TrySetResult();
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
    }

    [Fact]
    public async Task Reject_WhileBusy_IsRefusedAndNothingIsKept()
    {
        var (key, running) = await BusyAsync();
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => SubmitAsync(key, "b", OverlapKind.Reject));
        Assert.Equal(RefusalCode.SessionBusy, refusal.Code);
        await FreeAsync(key, running);
        Assert.Equal(["user: a", "assistant: first."], await cluster.TranscriptAsync(key));
        Assert.True((await SubmitAsync(key, "c", OverlapKind.Reject)).IsNew);
    }

    [Fact]
    public async Task Interrupt_WhileBusy_KeepsWhatWasProducedAndGoesOn()
    {
        var (key, running) = await BusyAsync();
        var waiting = await SubmitAsync(key, "b", OverlapKind.Enqueue);
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        var next = await SubmitAsync(key, "c", OverlapKind.Interrupt);
        var end = (TurnEnded)(await cluster.EventsAsync(key, next.Turn.Id))[^1];

        Assert.Equal("echo: c", TextOf(end));
        Assert.Equal(TurnStatus.Cancelled, await StatusAsync(key, running));
        Assert.Equal(TurnStatus.Cancelled, await StatusAsync(key, waiting.Turn.Id));
        Assert.Equal(["user: a", "assistant: first", "user: c", "assistant: echo: c"], await cluster.TranscriptAsync(key));
        Assert.Equal(["user: a", "assistant: first", "user: c"], cluster.Model.Requests[^1].Messages);
    }

    [Fact]
    public async Task Rollback_WhileBusy_HidesWhatWasProduced()
    {
        var (key, running) = await BusyAsync();
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        var next = await SubmitAsync(key, "c", OverlapKind.Rollback);
        await cluster.EventsAsync(key, next.Turn.Id);

        Assert.Equal(["user: c"], cluster.Model.Requests[^1].Messages);
        var listed = await cluster.Journal.ListItemsAsync(key, null, false, 100, default);
        Assert.Equal([2, 3], listed!.Items.Select(i => i.Seq));
        Assert.Equal(4, (await cluster.TranscriptAsync(key)).Count);
        var hidden = await cluster.Journal.FindTurnAsync(key, running, default);
        Assert.True(hidden!.Turn.Superseded);
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        await cluster.TurnAsync(key, "d");
        Assert.Equal(["user: c", "assistant: echo: c", "user: d"], cluster.Model.Requests[^1].Messages);
    }

    [Fact]
    public async Task Latest_WhileBusy_DropsWhatWaits()
    {
        var (key, running) = await BusyAsync();
        var b = await SubmitAsync(key, "b", OverlapKind.Enqueue);
        var c = await SubmitAsync(key, "c", OverlapKind.Latest);
        await FreeAsync(key, running);
        await cluster.EventsAsync(key, c.Turn.Id);
        Assert.Equal(TurnStatus.Cancelled, await StatusAsync(key, b.Turn.Id));
        Assert.Equal(["user: a", "assistant: first.", "user: c", "assistant: echo: c"], await cluster.TranscriptAsync(key));
    }

    [Fact]
    public async Task Merge_WhileBusy_JoinsTheWaitingTurnAndBothNamesAnswer()
    {
        var (key, running) = await BusyAsync();
        var b = await SubmitAsync(key, "b", OverlapKind.Merge);
        var request = Say("c", "merged", key) with { Overlap = new OverlapPolicy(OverlapKind.Merge) };
        var c = await cluster.Session(key).SubmitAsync(request);
        var again = await cluster.Session(key).SubmitAsync(request);
        await FreeAsync(key, running);
        var live = await cluster.EventsAsync(key, request.Id);
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        var later = await cluster.Session(key).SubmitAsync(request);

        Assert.Equal(b.Turn.Id, c.Turn.Id);
        Assert.Equal(b.Turn.Id, again.Turn.Id);
        Assert.False(later.IsNew);
        Assert.Equal(b.Turn.Id, ((TurnEnded)live[^1]).Turn.Id);
        Assert.Equal(["user: a", "assistant: first.", "user: b", "user: c", "assistant: echo: c"], await cluster.TranscriptAsync(key));
        var other = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(key).SubmitAsync(Say("x", "merged", key)));
        Assert.Equal(RefusalCode.KeyReused, other.Code);
    }

    [Fact]
    public async Task Debounce_OnAnIdleSession_WaitsForMoreAndRunsOnce()
    {
        var key = cluster.NewKey();
        var last = $"b of {key}";
        var policy = new OverlapPolicy(OverlapKind.Debounce, TimeSpan.FromMilliseconds(700));
        var first = await cluster.Session(key).SubmitAsync(Say("a") with { Overlap = policy });
        var second = await cluster.Session(key).SubmitAsync(Say(last) with { Overlap = policy });
        await cluster.EventsAsync(key, first.Turn.Id);

        Assert.Equal(TurnStatus.Queued, first.Turn.Status);
        Assert.Equal(first.Turn.Id, second.Turn.Id);
        Assert.True(second.Turn.DueAt > first.Turn.DueAt);
        Assert.Equal(["user: a", $"user: {last}", $"assistant: echo: {last}"], await cluster.TranscriptAsync(key));
        // Of this session: turns that other tests have left behind may call it, too.
        Assert.Single(cluster.Model.Requests, request => request.LastUser == last);
    }

    [Fact]
    public async Task Debounce_DueAfterTheRunningTurnEnded_StartsWhenItIsDue()
    {
        var (key, running) = await BusyAsync();
        var policy = new OverlapPolicy(OverlapKind.Debounce, TimeSpan.FromMilliseconds(700));
        var waiting = await cluster.Session(key).SubmitAsync(Say("b") with { Overlap = policy });
        await FreeAsync(key, running);
        var end = (TurnEnded)(await cluster.EventsAsync(key, waiting.Turn.Id))[^1];
        Assert.Equal("echo: b", TextOf(end));
        Assert.True(end.Turn.Attempts[0].StartedAt >= waiting.Turn.DueAt);
    }

    // A silo whose clock was an hour ahead accepted it, and died.
    [Fact]
    public async Task Debounce_DueByAClockThatWasWrong_StartsWhenTheSessionWakes()
    {
        var key = cluster.NewKey();
        var policy = new OverlapPolicy(OverlapKind.Debounce, TimeSpan.FromSeconds(10));
        var waiting = await cluster.Session(key).SubmitAsync(Say("b") with { Overlap = policy });
        await using (var owner = NpgsqlDataSource.Create(cluster.Postgres.Owner))
        {
            await using var ahead = owner.CreateCommand("update conversations.turn set due_at = due_at + interval '1 hour' where tenant = $1 and session = $2");
            ahead.Parameters.AddWithValue(key.Tenant);
            ahead.Parameters.AddWithValue(key.Id);
            Assert.Equal(1, await ahead.ExecuteNonQueryAsync());
        }

        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        await cluster.Session(key).WakeAsync();
        var events = await cluster.EventsAsync(key, waiting.Turn.Id).WaitAsync(TimeSpan.FromMinutes(1));

        Assert.Equal("echo: b", TextOf((TurnEnded)events[^1]));
    }

    [Fact]
    public async Task Policy_OfTheSession_IsTheDefault()
    {
        var key = cluster.NewKey();
        await cluster.Session(key).CreateOrGetAsync(Metadata("overlap_policy", "reject"));
        var (_, running) = await BusyAsync(key);
        await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(key).SubmitAsync(Say("b")));
        await FreeAsync(key, running);
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(key).SetMetadataAsync(Metadata("overlap_policy", "shrug")));
        Assert.Equal(RefusalCode.Invalid, refusal.Code);
    }

    [Fact]
    public async Task Queue_SurvivesDeactivationInOrder()
    {
        var (key, running) = await BusyAsync();
        var b = await SubmitAsync(key, "b", OverlapKind.Enqueue);
        var c = await SubmitAsync(key, "c", OverlapKind.Enqueue);
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        await cluster.EventsAsync(key, c.Turn.Id);

        Assert.Equal(2, c.Position);
        Assert.Equal(["user: a", "assistant: echo: a", "user: b", "assistant: echo: b", "user: c", "assistant: echo: c"], await cluster.TranscriptAsync(key));
        var resumed = await cluster.Journal.FindTurnAsync(key, running, default);
        Assert.Equal(2, resumed!.Turn.Attempts.Length);
        Assert.True(resumed.Turn.Attempts[0].HandedOver);
        Assert.NotEqual(b.Turn.Id, c.Turn.Id);
    }

    private Task<Submitted> SubmitAsync(SessionKey key, string text, OverlapKind kind) =>
        cluster.Session(key).SubmitAsync(Say(text) with { Overlap = new OverlapPolicy(kind) });

    private async Task<(SessionKey Key, TurnId Running)> BusyAsync(SessionKey? session = null)
    {
        var key = session ?? cluster.NewKey();
        cluster.Model.Reply((_, stop) => Held(_gate.Task, stop));
        var submitted = await cluster.Session(key).SubmitAsync(Say("a") with { Overlap = new OverlapPolicy(OverlapKind.Enqueue) });
        while (!(await cluster.Session(key).WatchAsync(submitted.Turn.Id, -1)).Events.OfType<Delta>().Any())
        {
        }

        return (key, submitted.Turn.Id);
    }

    private async Task FreeAsync(SessionKey key, TurnId running)
    {
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        _gate.SetResult();
        await cluster.EventsAsync(key, running);
    }

    private async Task<TurnStatus> StatusAsync(SessionKey key, TurnId turn) => (await cluster.Journal.FindTurnAsync(key, turn, default))!.Turn.Status;

    private static async IAsyncEnumerable<string> Held(Task gate, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        yield return "first";
        await gate.WaitAsync(stop);
        yield return ".";
    }
}
