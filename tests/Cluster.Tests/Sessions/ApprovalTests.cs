using System.Text.Json.Nodes;
using Conversations.Cluster.Tests.Storage;
using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Testing;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sessions;

/// <summary>Answers of people that come while the turn still runs something else, or just after a crash.</summary>
[Collection("cluster")]
public sealed class ApprovalTests : IDisposable
{
    private readonly SessionCluster _cluster;
    private readonly string _launch = $"call_{Guid.NewGuid():N}";
    private readonly string _charge = $"call_{Guid.NewGuid():N}";

    public ApprovalTests(SessionCluster cluster)
    {
        _cluster = cluster;
        // What is not asked for by name waits.
        cluster.Tools.Gate = new TaskCompletionSource();
        cluster.Model.ReplyRaw((r, _) => r.Messages.Any(m => m.StartsWith("tool", StringComparison.Ordinal))
            ? Deltas(new JsonObject { ["content"] = "done" })
            : Deltas(ScriptedModel.Call(0, _launch, "launch", "{}"), ScriptedModel.Call(1, _charge, "charge", """{"amount":1}""")));
    }

    public void Dispose()
    {
        _cluster.Tools.Gate.TrySetResult();
        _cluster.Model.Reply(r => $"echo: {r.LastUser}");
    }

    [Fact]
    public async Task Approval_WhileAnotherToolRuns_IsTakenAtOnceAndItsCallBegins()
    {
        var (key, turn) = await AskedAsync();
        var answered = await _cluster.Session(key).ResolveAsync(turn, _launch, true, null);
        Assert.Equal(TurnStatus.InProgress, answered.Status);
        // Both run now: neither has a result.
        while (!_cluster.Tools.Effects.ContainsKey(_launch)) await _cluster.Session(key).WatchAsync(turn, -1);
        Assert.Equal(1, _cluster.Tools.Effects[_charge]);
        _cluster.Tools.Gate.SetResult();

        var live = await _cluster.EventsAsync(key, turn);
        var end = (TurnEnded)live[^1];
        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Equal(["charge done", "launch done"], Outputs(end).Order());
        Assert.Single(end.Output, i => i.Body is ApprovalResponse);
        Assert.Equal((1, 1), (_cluster.Tools.Effects[_launch], _cluster.Tools.Effects[_charge]));
        var journaled = await _cluster.Journal.FindTurnAsync(key, turn, default);
        Assert.Equal(live.Select(Wire), TurnReplay.Events(journaled!.Turn, journaled.Output, -1).Select(Wire));
    }

    [Fact]
    public async Task Approval_WhileAnotherToolRuns_GivenTwiceAndOtherwise_CountsOnce()
    {
        var (key, turn) = await AskedAsync();
        await Task.WhenAll(
            _cluster.Session(key).ResolveAsync(turn, _launch, false, "too windy"), _cluster.Session(key).ResolveAsync(turn, _launch, false, "too wet"));
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => _cluster.Session(key).ResolveAsync(turn, _launch, true, null));
        Assert.Equal((RefusalCode.Invalid, "approve"), (refusal.Code, refusal.Parameter));
        _cluster.Tools.Gate.SetResult();

        var end = (TurnEnded)(await _cluster.EventsAsync(key, turn))[^1];
        var reason = Assert.Single(end.Output.Select(i => i.Body).OfType<ApprovalResponse>()).Reason!;
        Assert.Contains(reason, (string[])["too windy", "too wet"]);
        Assert.Contains(Outputs(end), o => o.EndsWith(reason, StringComparison.Ordinal));
        Assert.False(_cluster.Tools.Effects.ContainsKey(_launch));
    }

    [Fact]
    public async Task Approval_WhileAnotherToolRuns_ThatIsCancelled_IsRefusedAfterwards()
    {
        var (key, turn) = await AskedAsync();
        await _cluster.Session(key).CancelAsync(turn);
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => _cluster.Session(key).ResolveAsync(turn, _launch, true, null));
        Assert.Equal(RefusalCode.TurnNotFound, refusal.Code);
        Assert.False(_cluster.Tools.Effects.ContainsKey(_launch));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Approval_WhoseWriteFails_IsGivenAgainAndNothingRunsTwice(bool after)
    {
        var (key, turn) = await AskedAsync();
        FaultyStorage.Fail(key.ToString(), 0, after);
        await ResolvePatientlyAsync(key, turn);
        _cluster.Tools.Gate.SetResult();
        var end = (TurnEnded)(await _cluster.EventsAsync(key, turn))[^1];

        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Equal(2, end.Turn.Attempts.Length);
        Assert.Single(end.Output, i => i.Body is ApprovalRequest);
        Assert.Single(end.Output, i => i.Body is ApprovalResponse);
        Assert.Equal(1, _cluster.Tools.Effects[_charge]);
        Assert.Contains(Outputs(end), o => o.Contains("outcome is unknown", StringComparison.Ordinal));
        // An answer that was on disk when the server went may have been acted on; one that was not cannot have been.
        Assert.Equal(after ? 0 : 1, _cluster.Tools.Effects.GetValueOrDefault(_launch));
    }

    [Fact]
    public async Task Approval_OfATurnThatWasResumed_IsActedOn()
    {
        _cluster.Tools.Gate.SetResult();
        var key = _cluster.NewKey();
        // The model's reply never reaches the disk, and the next life asks again.
        FaultyStorage.Fail(key.ToString(), 1, after: false);
        var request = Say("go") with { Options = new TurnOptions { Agent = "handy" } };
        await _cluster.SubmitPatientlyAsync(key, request);
        while (await _cluster.Journal.FindTurnAsync(key, request.Id, default) is not { Turn.Parked: true }) await WatchPatientlyAsync(key, request.Id);
        await ResolvePatientlyAsync(key, request.Id);
        var end = (TurnEnded)(await _cluster.EventsAsync(key, request.Id))[^1];
        Assert.Equal(2, end.Turn.Attempts.Length);
        Assert.Equal(["charge done", "launch done"], Outputs(end).Order());
    }

    // A turn that asks for an answer while another of its calls runs.
    private async Task<(SessionKey Key, TurnId Turn)> AskedAsync()
    {
        var key = _cluster.NewKey();
        var turn = (await _cluster.Session(key).SubmitAsync(Say("go") with { Options = new TurnOptions { Agent = "handy" } })).Turn.Id;
        var last = -1;
        while (true)
        {
            var batch = await _cluster.Session(key).WatchAsync(turn, last);
            if (batch.Events.OfType<ItemDone>().Any(e => e.Item.Body is ApprovalRequest)) break;
            if (batch.Events is [.., var newest]) last = newest.Number;
        }

        while (!_cluster.Tools.Effects.ContainsKey(_charge)) await _cluster.Session(key).WatchAsync(turn, -1);
        Assert.False(_cluster.Tools.Effects.ContainsKey(_launch));
        return (key, turn);
    }

    private async Task ResolvePatientlyAsync(SessionKey key, TurnId turn)
    {
        while (true)
        {
            try
            {
                await _cluster.Session(key).ResolveAsync(turn, _launch, true, null);
                return;
            }
            catch (Exception e) when (e is RetryException or OrleansException)
            {
            }
        }
    }

    private async Task WatchPatientlyAsync(SessionKey key, TurnId turn)
    {
        try
        {
            await _cluster.Session(key).WatchAsync(turn, int.MaxValue);
        }
        catch (Exception e) when (e is RetryException or OrleansException)
        {
        }
    }

    private static IEnumerable<string> Outputs(TurnEnded end) => end.Output.Select(i => i.Body).OfType<FunctionCallOutput>().Select(o => o.Output);

    private static string Wire(TurnEvent e) => System.Text.Json.JsonSerializer.Serialize<object>(e);

    private static async IAsyncEnumerable<JsonObject> Deltas(params JsonObject[] deltas)
    {
        await Task.Yield();
        foreach (var delta in deltas) yield return delta;
    }
}
