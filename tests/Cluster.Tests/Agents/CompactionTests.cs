using System.Text.Json.Nodes;
using Conversations.Cluster.Tests.Storage;
using Conversations.Grains.Agents;
using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Testing;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Agents;

/// <summary>The agent <c>compact</c> has older items summarised past eight.</summary>
[Collection("cluster")]
public sealed class CompactionTests : IDisposable
{
    private readonly SessionCluster _cluster;
    private int _summaries;

    public CompactionTests(SessionCluster cluster)
    {
        _cluster = cluster;
        cluster.Model.Reply(r => IsSummary(r) ? $"Summary {Interlocked.Increment(ref _summaries)}." : $"echo: {r.LastUser}");
    }

    public void Dispose() => _cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Turn_PastTheThreshold_IsAnsweredOverASummaryAndTheNewest()
    {
        var key = _cluster.NewKey();
        for (var i = 0; i < 4; i++) await TurnAsync(key, $"m{i}");
        Assert.Equal(0, _summaries);

        var request = await SubmitAsync(key, "m4");
        var live = await _cluster.EventsAsync(key, request.Id);
        var end = (TurnEnded)live[^1];

        // What was summarised, in which words, and what the answer was computed over.
        var (asked, answered) = (_cluster.Model.Requests[^2].Messages, _cluster.Model.Requests[^1].Messages);
        Assert.StartsWith("system: You keep the memory of a conversation.", asked[0], StringComparison.Ordinal);
        Assert.Equal(
            ["user: m0", "assistant: echo: m0", "user: m1", "assistant: echo: m1", "user: m2", "assistant: echo: m2", "user: m3", "assistant: echo: m3"],
            asked.Skip(1).SkipLast(1));
        Assert.Equal([$"system: {ModelHistory.SummaryHeading}\n\nSummary 1.", "user: m4"], answered);
        // It is an item of the turn like any other.
        Assert.Equal([new Compaction("Summary 1.", 7)], end.Output.Select(i => i.Body).OfType<Compaction>());
        Assert.Equal("echo: m4", TextOf(end));
        Assert.Equal(new Usage(asked.Count + answered.Count, 2 + 2), end.Turn.Usage);
        var journaled = await _cluster.Journal.FindTurnAsync(key, request.Id, default);
        Assert.Equal(live.Select(AsText), TurnReplay.Events(journaled!.Turn, journaled.Output, -1).Select(AsText));
        // The originals stay.
        var page = await _cluster.Journal.ListItemsAsync(key, null, newestFirst: false, 100, default);
        Assert.Equal(11, page!.Items.Length);
    }

    // The window has eight items.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Fork_FarBehindACompactionOfTheCaller_GoesOnFromIt(bool isBeforeAnother)
    {
        var key = _cluster.NewKey("parent");
        Assert.True(SessionKey.TryCreate(key.Tenant, "fork", out var fork));
        await BringAsync("They greeted.");
        for (var i = 0; i < 5; i++) await _cluster.TurnAsync(key, $"m{i}");
        var last = await _cluster.TurnAsync(key, "last");
        if (isBeforeAnother) await BringAsync("They parted.");
        for (var i = 5; isBeforeAnother && i < 10; i++) await _cluster.TurnAsync(key, $"m{i}");
        var request = Say("other") with { From = new ForkFrom { Session = key.Id, AfterTurn = last.Turn.Id }, CreatesSession = true };
        await _cluster.Session(fork).SubmitAsync(request);
        await _cluster.EventsAsync(fork, request.Id);
        var warm = _cluster.Model.Requests[^1].Messages;
        await _cluster.Cluster.DeactivateAsync(_cluster.Session(fork));
        await _cluster.TurnAsync(fork, "and then");

        Assert.Equal(($"system: {ModelHistory.SummaryHeading}\n\nThey greeted.", "user: other"), (warm[0], warm[^1]));
        Assert.Equal(warm[0], _cluster.Model.Requests[^1].Messages[0]);

        async Task BringAsync(string summary)
        {
            var brings = Say("hi") with { Input = [new Compaction(summary), new Message(Role.User, [new InputText("hi")])] };
            await _cluster.Session(key).SubmitAsync(brings);
            await _cluster.EventsAsync(key, brings.Id);
        }
    }

    [Fact]
    public async Task Turns_AfterACompaction_UseItInThisLifeAndTheNextUntilAnotherIsDue()
    {
        var key = _cluster.NewKey();
        for (var i = 0; i < 6; i++) await TurnAsync(key, $"m{i}");
        await _cluster.Cluster.DeactivateAsync(_cluster.Session(key));
        await TurnAsync(key, "m6");

        Assert.Equal(1, _summaries);
        Assert.EndsWith("Summary 1.", _cluster.Model.Requests[^1].Messages[0], StringComparison.Ordinal);
        Assert.Equal(["user: m4", "assistant: echo: m4", "user: m5", "assistant: echo: m5", "user: m6"], _cluster.Model.Requests[^1].Messages.Skip(1));
        Assert.Equal(0, _cluster.Reads.Of(key));

        for (var i = 7; i < 9; i++) await TurnAsync(key, $"m{i}");
        Assert.Equal(2, _summaries);
        // The second summary was made of the first.
        Assert.EndsWith("Summary 1.", _cluster.Model.Requests[^2].Messages[1], StringComparison.Ordinal);
        Assert.EndsWith("Summary 2.", _cluster.Model.Requests[^1].Messages[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(400)]
    [InlineData(0)]
    public async Task Summary_ThatFails_LetsTheTurnGoOnAndIsTriedInTheNext(int status)
    {
        var key = _cluster.NewKey();
        for (var i = 0; i < 4; i++) await TurnAsync(key, $"m{i}");
        _cluster.Model.Reply((r, stop) => !IsSummary(r) ? ScriptedModel.Words("ok") : status > 0 ? throw new ModelFault(status) : Never(stop));
        var calls = _cluster.Model.Requests.Count;
        var end = await TurnAsync(key, "m4");

        Assert.Equal((TurnStatus.Completed, "ok"), (end.Turn.Status, TextOf(end)));
        Assert.Equal(2, _cluster.Model.Requests.Count - calls);
        Assert.Equal(9, _cluster.Model.Requests[^1].Messages.Count);
        Assert.Equal("user: m0", _cluster.Model.Requests[^1].Messages[0]);

        _cluster.Model.Reply(r => IsSummary(r) ? "Late." : "ok");
        Assert.Contains((await TurnAsync(key, "m5")).Output, i => i.Body is Compaction { Summary: "Late." });
    }

    // Write 0 is the acceptance, 1 the summary, 2 the end.
    [Theory]
    [InlineData(1, false, 2)]
    [InlineData(1, true, 1)]
    [InlineData(2, false, 1)]
    [InlineData(2, true, 1)]
    public async Task Crash_AroundASummary_RepeatsNoFinishedOne(int write, bool after, int summaries)
    {
        var key = _cluster.NewKey();
        for (var i = 0; i < 4; i++) await TurnAsync(key, $"m{i}");
        FaultyStorage.Fail(key.ToString(), write, after);
        var request = Say("m4") with { Options = new TurnOptions { Agent = "compact" } };
        await _cluster.SubmitPatientlyAsync(key, request);
        var end = (TurnEnded)(await _cluster.EventsAsync(key, request.Id))[^1];

        Assert.Equal((TurnStatus.Completed, "echo: m4"), (end.Turn.Status, TextOf(end)));
        Assert.Single(end.Output, i => i.Body is Compaction);
        Assert.Equal(summaries, _summaries);
        Assert.Equal(2, _cluster.Model.Requests[^1].Messages.Count);
    }

    [Fact]
    public async Task Turn_WithTools_KeepsItsOwnCallsOutOfTheSummary()
    {
        var key = _cluster.NewKey();
        for (var i = 0; i < 3; i++) await TurnAsync(key, $"m{i}");
        var calls = 0;
        _cluster.Model.ReplyRaw((r, _) => Deltas(
            IsSummary(r) ? new JsonObject { ["content"] = "So far." }
            : calls++ < 2 ? ScriptedModel.Call(0, $"call_{key.Tenant}_{calls}", "add", """{"a":1,"b":2}""")
            : new JsonObject { ["content"] = "done" }));
        var end = await TurnAsync(key, "add");

        Assert.Equal((TurnStatus.Completed, "done"), (end.Turn.Status, TextOf(end)));
        // Eight were there before the second call; the third model call was over the threshold.
        var messages = _cluster.Model.Requests[^1].Messages;
        Assert.EndsWith("So far.", messages[0], StringComparison.Ordinal);
        Assert.Equal("user: add", messages[1]);
        Assert.Equal(2, messages.Count(m => m == "tool: 3"));
        Assert.Equal(5, Assert.Single(end.Output.Select(i => i.Body).OfType<Compaction>()).Through);
    }

    private static bool IsSummary(ModelRequest request) => request.Messages[0].StartsWith("system: You keep the memory", StringComparison.Ordinal);

    private static string AsText(TurnEvent e) => System.Text.Json.JsonSerializer.Serialize<object>(e);

    private async Task<TurnRequest> SubmitAsync(SessionKey key, string text)
    {
        var request = Say(text) with { Options = new TurnOptions { Agent = "compact" } };
        await _cluster.Session(key).SubmitAsync(request);
        return request;
    }

    private Task<TurnEnded> TurnAsync(SessionKey key, string text) => _cluster.TurnAsync(key, text, "compact");

    private static async IAsyncEnumerable<string> Never([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        yield break;
    }

    private static async IAsyncEnumerable<JsonObject> Deltas(JsonObject delta)
    {
        await Task.Yield();
        yield return delta;
    }
}
