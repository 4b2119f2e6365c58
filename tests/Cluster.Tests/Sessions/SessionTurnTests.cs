using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sessions;

[Collection("cluster")]
public sealed class SessionTurnTests(SessionCluster cluster)
{
    [Fact]
    public async Task Turn_SecondOne_HandsTheModelTheWholeHistory()
    {
        var key = cluster.NewKey();
        await cluster.TurnAsync(key, "one");
        var end = await cluster.TurnAsync(key, "two");

        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Equal("echo: two", TextOf(end));
        Assert.Equal(["user: one", "assistant: echo: one", "user: two"], cluster.Model.Requests[^1].Messages);
        Assert.Equal(["user: one", "assistant: echo: one", "user: two", "assistant: echo: two"], await cluster.TranscriptAsync(key));
    }

    [Fact]
    public async Task Turn_AfterDeactivation_LoadsTheHistory()
    {
        var key = cluster.NewKey();
        await cluster.TurnAsync(key, "one");
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        await cluster.TurnAsync(key, "two");
        Assert.Equal(["user: one", "assistant: echo: one", "user: two"], cluster.Model.Requests[^1].Messages);
    }

    [Fact]
    public async Task Turn_BeyondTheWindow_HandsTheModelTheNewestItems()
    {
        var key = cluster.NewKey();
        for (var i = 0; i < 8; i++) await cluster.TurnAsync(key, $"m{i}");
        var warm = cluster.Model.Requests[^1].Messages;
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        await cluster.TurnAsync(key, "m8");
        var cold = cluster.Model.Requests[^1].Messages;

        Assert.Equal(7, warm.Count);
        Assert.Equal("user: m7", warm[^1]);
        Assert.Equal(warm.Count, cold.Count);
        Assert.Equal(18, (await cluster.TranscriptAsync(key)).Count);
    }

    [Fact]
    public async Task Turns_InParallel_AreAllKeptAndNeverInterleave()
    {
        var key = cluster.NewKey();
        var turns = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => cluster.Session(key).SubmitAsync(Say($"p{i}"))));
        foreach (var turn in turns) await cluster.EventsAsync(key, turn.Turn.Id);

        var transcript = await cluster.TranscriptAsync(key);
        Assert.Equal(20, transcript.Count);
        for (var i = 0; i < 20; i += 2) Assert.Equal(transcript[i].Replace("user: ", "assistant: echo: ", StringComparison.Ordinal), transcript[i + 1]);
        Assert.Equal(10, transcript.Where(t => t.StartsWith("user", StringComparison.Ordinal)).Distinct().Count());
    }

    [Fact]
    public async Task Turn_SameIdTwice_IsOneTurn()
    {
        var key = cluster.NewKey();
        var request = Say("once", "k1", key);
        var first = await cluster.Session(key).SubmitAsync(request);
        var second = await cluster.Session(key).SubmitAsync(request);
        await cluster.EventsAsync(key, first.Turn.Id);
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        var third = await cluster.Session(key).SubmitAsync(request);

        Assert.True(first.IsNew);
        Assert.False(second.IsNew);
        Assert.False(third.IsNew);
        Assert.Equal(TurnStatus.Completed, third.Turn.Status);
        Assert.Equal(2, (await cluster.TranscriptAsync(key)).Count);
    }

    [Fact]
    public async Task Turn_SameIdOtherInput_IsRefused()
    {
        var key = cluster.NewKey();
        await cluster.Session(key).SubmitAsync(Say("a", "k1", key));
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(key).SubmitAsync(Say("b", "k1", key)));
        Assert.Equal(RefusalCode.KeyReused, refusal.Code);
        Assert.Equal("Idempotency-Key", refusal.Parameter);
        Assert.Contains("new key", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_Live_EqualsItsReplay()
    {
        var key = cluster.NewKey();
        var submitted = await cluster.Session(key).SubmitAsync(Say("a b c d e"));
        var live = await cluster.EventsAsync(key, submitted.Turn.Id);
        var journaled = await cluster.Journal.FindTurnAsync(key, submitted.Turn.Id, default);
        var replay = TurnReplay.Events(journaled!.Turn, journaled.Output, -1).ToList();

        Assert.Equal(Enumerable.Range(0, live.Count), live.Select(e => e.Number));
        Assert.Equal(live.Select(Wire), replay.Select(Wire));
        Assert.Equal("echo: a b c d e", string.Concat(live.OfType<Delta>().Select(d => d.Text)));
        Assert.Equal(new Usage(1, 6), ((TurnEnded)live[^1]).Turn.Usage);
    }

    [Fact]
    public async Task Stream_OfAQueuedTurn_SaysSoAndReplaysTheSame()
    {
        var key = cluster.NewKey();
        var gate = new TaskCompletionSource();
        cluster.Model.Reply((_, stop) => After(gate.Task, stop));
        var first = await cluster.Session(key).SubmitAsync(Say("first"));
        var second = await cluster.Session(key).SubmitAsync(Say("second"));
        gate.SetResult();
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        var live = await cluster.EventsAsync(key, second.Turn.Id);
        var journaled = await cluster.Journal.FindTurnAsync(key, second.Turn.Id, default);

        Assert.Equal(1, second.Position);
        Assert.IsType<TurnQueued>(live[1]);
        Assert.Equal(live.Select(Wire), TurnReplay.Events(journaled!.Turn, journaled.Output, -1).Select(Wire));
        Assert.NotEqual(first.Turn.Id, second.Turn.Id);
    }

    [Fact]
    public async Task Append_FromOutside_BecomesHistoryWithoutAModelCall()
    {
        var key = cluster.NewKey();
        var noted = $"noted of {key}";
        var submitted = await cluster.Session(key).SubmitAsync(Say(noted) with { CallsModel = false });
        var end = (TurnEnded)(await cluster.EventsAsync(key, submitted.Turn.Id))[^1];
        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Equal(0, end.Turn.FirstSeq);
        Assert.Equal([$"user: {noted}"], await cluster.TranscriptAsync(key));
        Assert.DoesNotContain(cluster.Model.Requests, request => request.LastUser == noted);
    }

    [Fact]
    public async Task Submit_AtAndPastTheQueueBound_IsTakenAndRefused()
    {
        var key = cluster.NewKey();
        var gate = new TaskCompletionSource();
        cluster.Model.Reply((_, stop) => After(gate.Task, stop));
        try
        {
            for (var i = 0; i < 12; i++) await cluster.Session(key).SubmitAsync(Say($"q{i}"));
            var refusal = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(key).SubmitAsync(Say("one too many")));
            Assert.Equal(RefusalCode.QueueFull, refusal.Code);
        }
        finally
        {
            gate.SetResult();
            cluster.Model.Reply(r => $"echo: {r.LastUser}");
        }
    }

    [Fact]
    public async Task Cancel_RunningTurn_KeepsWhatWasProducedAndStopsTheModel()
    {
        var key = cluster.NewKey();
        var said = $"go {key}";
        cluster.Model.Reply((_, stop) => Endless(stop));
        try
        {
            var submitted = await cluster.Session(key).SubmitAsync(Say(said));
            while ((await cluster.Session(key).WatchAsync(submitted.Turn.Id, -1)).Events.OfType<Delta>().Count() < 3)
            {
            }

            Assert.True(await cluster.Session(key).CancelAsync(submitted.Turn.Id));
            var end = (TurnEnded)(await cluster.EventsAsync(key, submitted.Turn.Id))[^1];
            Assert.Equal(TurnStatus.Cancelled, end.Turn.Status);
            Assert.Equal(ItemStatus.Incomplete, Assert.Single(end.Output).Status);
            Assert.StartsWith("more more more", TextOf(end), StringComparison.Ordinal);
            await cluster.Model.Requests.Last(r => r.LastUser == said).Abandoned.WaitAsync(TimeSpan.FromSeconds(20));
        }
        finally
        {
            cluster.Model.Reply(r => $"echo: {r.LastUser}");
        }

        Assert.Equal("echo: next", TextOf(await cluster.TurnAsync(key, "next")));
    }

    [Fact]
    public async Task Cancel_QueuedTurn_LeavesNoTraceInTheTranscript()
    {
        var key = cluster.NewKey();
        var gate = new TaskCompletionSource();
        cluster.Model.Reply((_, stop) => After(gate.Task, stop));
        var first = await cluster.Session(key).SubmitAsync(Say("first"));
        var second = await cluster.Session(key).SubmitAsync(Say("second"));
        await cluster.Session(key).CancelAsync(second.Turn.Id);
        gate.SetResult();
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        await cluster.EventsAsync(key, first.Turn.Id);
        var cancelled = await cluster.EventsAsync(key, second.Turn.Id);
        Assert.Equal(TurnStatus.Cancelled, ((TurnEnded)cancelled[^1]).Turn.Status);
        Assert.Equal(["user: first", "assistant: waited"], await cluster.TranscriptAsync(key));
    }

    [Fact]
    public async Task Model_ThatFails_FailsTheTurnAndNotTheSession()
    {
        var key = cluster.NewKey();
        cluster.Model.Reply((_, _) => throw new Testing.ModelFault(500));
        var end = await cluster.TurnAsync(key, "x");
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        Assert.Equal(TurnStatus.Failed, end.Turn.Status);
        Assert.Equal("model_unavailable", end.Turn.Error!.Code);
        Assert.Equal("echo: y", TextOf(await cluster.TurnAsync(key, "y")));
    }

    [Fact]
    public async Task Model_ThatHangs_FailsTheTurnInTime()
    {
        var key = cluster.NewKey();
        cluster.Model.Reply((_, stop) => After(Task.Delay(Timeout.Infinite, stop), stop));
        var end = await cluster.TurnAsync(key, "x");
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        Assert.Equal("model_timeout", end.Turn.Error!.Code);
    }

    [Fact]
    public async Task Text_OfEveryKind_ComesBackAsItWent()
    {
        var key = cluster.NewKey();
        const string Text = "Ünïcödé 🚀 \"quotes\" \\ back\\slash \t tab \u2028 \u0001 </script> 中文 \\u0000";
        cluster.Model.Reply((_, _) => Pieces("a🚀", "b\0", "c"));
        var end = await cluster.TurnAsync(key, Text);
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        Assert.Equal("a🚀b\uFFFDc", TextOf(end));
        Assert.Equal([$"user: {Text}", "assistant: a🚀b\uFFFDc"], await cluster.TranscriptAsync(key));
    }

    [Fact]
    public async Task Delete_ThenNewLife_StartsEmptyWithARisingVersion()
    {
        var key = cluster.NewKey();
        var before = (await cluster.Session(key).SubmitAsync(Say("old"))).Turn.Id;
        await cluster.EventsAsync(key, before);
        var version = await VersionAsync(key);
        await cluster.Session(key).DeleteAsync();

        Assert.Null(await cluster.Journal.FindSessionAsync(key, default));
        Assert.Empty(await cluster.TranscriptAsync(key));
        await RefusedAsync(key, RefusalCode.SessionNotFound);
        await cluster.TurnAsync(key, "new");
        Assert.Equal(["user: new", "assistant: echo: new"], await cluster.TranscriptAsync(key));
        Assert.True(await VersionAsync(key) > version + 1);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_RequestOfBeforeArrivesAfterIt_IsRefusedInEveryLaterLife(bool isFirstTry)
    {
        var key = cluster.NewKey();
        var late = Say("old") with { IsFirstTry = isFirstTry };
        await cluster.Session(key).SubmitAsync(late);
        await cluster.EventsAsync(key, late.Id);
        await cluster.Session(key).DeleteAsync();

        await RefusedAsync(key, RefusalCode.KeyReused, late);
        Assert.Empty(await cluster.TranscriptAsync(key));
        await cluster.TurnAsync(key, "new");
        await RefusedAsync(key, RefusalCode.KeyReused, late);
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        await RefusedAsync(key, RefusalCode.KeyReused, late);
        Assert.Equal(["user: new", "assistant: echo: new"], await cluster.TranscriptAsync(key));
    }

    [Fact]
    public async Task EraseItem_OfAnEndedTurn_BlanksItAndKeepsThePlace()
    {
        var key = cluster.NewKey();
        var end = await cluster.TurnAsync(key, "secret");
        await cluster.Session(key).EraseItemAsync(new ItemId(end.Turn.Id, 0, 0));
        await cluster.TurnAsync(key, "next");
        Assert.DoesNotContain(cluster.Model.Requests[^1].Messages, m => m.Contains("secret", StringComparison.Ordinal) && m.StartsWith("user", StringComparison.Ordinal));
        var page = await cluster.Journal.ListItemsAsync(key, null, false, 100, default);
        Assert.Equal([1, 2, 3], page!.Items.Select(i => i.Seq));
    }

    private static string Wire(TurnEvent e) => System.Text.Json.JsonSerializer.Serialize<object>(e);

    private async Task RefusedAsync(SessionKey key, RefusalCode code, TurnRequest? request = null)
    {
        while (true)
        {
            try
            {
                await cluster.Session(key).SubmitAsync(request ?? Say("x") with { CreatesSession = false });
                Assert.Fail("It was not refused.");
            }
            catch (RetryException)
            {
                // The activation of the deleted life is still going.
            }
            catch (RefusalException refusal)
            {
                Assert.Equal(code, refusal.Code);
                return;
            }
        }
    }

    private async Task<int> VersionAsync(SessionKey key)
    {
        await using var command = cluster.Database.CreateCommand("select version from conversations.session where tenant = $1 and session = $2");
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private static async IAsyncEnumerable<string> After(Task gate, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await gate.WaitAsync(stop);
        yield return "waited";
    }

    private static async IAsyncEnumerable<string> Endless([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        while (true)
        {
            yield return "more ";
            await Task.Delay(5, stop);
        }
    }

    private static async IAsyncEnumerable<string> Pieces(params string[] pieces)
    {
        await Task.Yield();
        foreach (var piece in pieces) yield return piece;
    }
}
