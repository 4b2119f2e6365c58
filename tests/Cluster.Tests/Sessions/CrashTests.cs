using System.Text.Json.Nodes;
using Conversations.Cluster.Tests.Storage;
using Conversations.Grains.Recovery;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Testing;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sessions;

/// <summary>Writes that fail, with and without having happened, at every step of a turn.</summary>
[Collection("cluster")]
public sealed class CrashTests(SessionCluster cluster) : IDisposable
{
    private readonly string _id = $"call_{Guid.NewGuid():N}";

    public void Dispose() => cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    public async Task Write_ThatFails_LosesNothingAndDoublesNothing(int write, bool after)
    {
        var key = cluster.NewKey();
        await cluster.TurnAsync(key, "before");
        FaultyStorage.Fail(key.ToString(), write, after);
        var request = Say("x");
        await cluster.SubmitPatientlyAsync(key, request);
        var events = await cluster.EventsAsync(key, request.Id);
        await cluster.TurnAsync(key, "after");

        Assert.Single(events.OfType<TurnEnded>());
        Assert.Equal(events.Select(e => e.Number).Order().Distinct(), events.Select(e => e.Number));
        Assert.Equal(
            ["user: before", "assistant: echo: before", "user: x", "assistant: echo: x", "user: after", "assistant: echo: after"],
            await cluster.TranscriptAsync(key));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public async Task Write_ThatFailsAroundATool_NeverRepeatsAnEffect(int write, bool after)
    {
        var key = cluster.NewKey();
        cluster.Model.ReplyRaw((r, _) => r.Messages.Any(m => m.StartsWith("tool", StringComparison.Ordinal))
            ? Deltas(new JsonObject { ["content"] = "done" })
            : Deltas(ScriptedModel.Call(0, _id, "charge", """{"amount":5}""")));
        FaultyStorage.Fail(key.ToString(), write, after);
        var request = Say("charge") with { Options = new TurnOptions { Agent = "handy" } };
        await cluster.SubmitPatientlyAsync(key, request);
        var end = (TurnEnded)(await cluster.EventsAsync(key, request.Id))[^1];

        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.True(cluster.Tools.Effects.GetValueOrDefault(_id) <= 1);
        var outputs = end.Output.Select(i => i.Body).OfType<FunctionCallOutput>().ToList();
        Assert.Equal(end.Output.Select(i => i.Body).OfType<FunctionCall>().Count(), outputs.Count);
        // An effect whose result was lost is told as unknown, never as done or as failed.
        if (!outputs.Any(o => o.Output == "charge done")) Assert.Contains(outputs, o => o.Output.Contains("outcome is unknown", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Write_ThatFailsAroundAnIdempotentTool_RunsItAgain()
    {
        var key = cluster.NewKey();
        cluster.Model.ReplyRaw((r, _) => r.Messages.Any(m => m.StartsWith("tool", StringComparison.Ordinal))
            ? Deltas(new JsonObject { ["content"] = "done" })
            : Deltas(ScriptedModel.Call(0, _id, "add", """{"a":1,"b":2}""")));
        FaultyStorage.Fail(key.ToString(), 2, after: false);
        var request = Say("add") with { Options = new TurnOptions { Agent = "handy" } };
        await cluster.SubmitPatientlyAsync(key, request);
        var end = (TurnEnded)(await cluster.EventsAsync(key, request.Id))[^1];
        Assert.Equal("3", Assert.Single(end.Output.Select(i => i.Body).OfType<FunctionCallOutput>()).Output);
        Assert.Equal(2, cluster.Tools.Effects[_id]);
        Assert.Equal(2, end.Turn.Attempts.Length);
    }

    [Fact]
    public async Task Turn_NobodyWaitsFor_IsEndedByRecovery()
    {
        var key = cluster.NewKey();
        FaultyStorage.Fail(key.ToString(), 1, after: false);
        var request = Say("x");
        await cluster.SubmitPatientlyAsync(key, request);
        // Its activation is going; its own silo or the recovery grain brings it back without any call of ours.
        while (await cluster.Journal.FindTurnAsync(key, request.Id, default) is not { Turn.Status: TurnStatus.Completed })
        {
            await cluster.Cluster.Client.GetGrain<IRecoveryGrain>(0).ScanAsync();
        }

        Assert.Equal(["user: x", "assistant: echo: x"], await cluster.TranscriptAsync(key));
    }

    [Fact]
    public async Task Turn_ThatKillsItsServerEveryTime_FailsAtItsBound()
    {
        var key = cluster.NewKey();
        cluster.Model.Reply((_, stop) => Never(stop));
        var request = Say("poison");
        await cluster.SubmitPatientlyAsync(key, request);
        await PretendCrashesAsync(key, 5);
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        var end = (TurnEnded)(await cluster.EventsAsync(key, request.Id))[^1];
        Assert.Equal(TurnStatus.Failed, end.Turn.Status);
        Assert.Equal("attempts_exhausted", end.Turn.Error!.Code);
        Assert.Equal("echo: on", TextOf(await cluster.TurnAsync(key, "on")));
    }

    // A crash leaves a row that says that the turn runs, under a version that the running activation does not know.
    private async Task PretendCrashesAsync(SessionKey key, int attempts)
    {
        await using var command = cluster.Database.CreateCommand(
            """
            with head as (update conversations.session set version = version + 1 where tenant = $1 and session = $2)
            update conversations.turn set attempt = $3, progress = json_build_object('attempts',
              (select json_agg(json_build_object('silo', 'gone', 'started_at', '2026-01-01T00:00:00Z', 'handed_over', false)) from generate_series(1, $3)))
            where tenant = $1 and session = $2
            """);
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        command.Parameters.AddWithValue(attempts);
        await command.ExecuteNonQueryAsync();
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
    }

    private static async IAsyncEnumerable<string> Never([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Delay(Timeout.Infinite, stop);
        yield break;
    }

    private static async IAsyncEnumerable<JsonObject> Deltas(params JsonObject[] deltas)
    {
        await Task.Yield();
        foreach (var delta in deltas) yield return delta;
    }
}
