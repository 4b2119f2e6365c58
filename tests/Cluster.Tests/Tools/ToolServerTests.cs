using System.Diagnostics;
using System.Text.Json.Nodes;
using Conversations.Cluster.Tests.Storage;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Testing;
using Conversations.Turns;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Tools;

/// <summary>Tools of real servers, in processes of their own, over both transports.</summary>
[Collection(ToolServerGroup.Name)]
public sealed class ToolServerTests(ToolServerCluster cluster) : IDisposable
{
    private readonly string _id = $"call_{Guid.NewGuid():N}";

    public void Dispose()
    {
        cluster.Release(_id);
        cluster.Release(_id + "b");
    }

    [Fact]
    public async Task Tool_OfAServer_IsOfferedAndCalledOnceUnderItsCallId()
    {
        var end = await TurnAsync("lab_charge", """{"amount":5}""");
        Assert.Equal("charged 5", Output(end));
        Assert.Equal("charge", Assert.Single(cluster.EffectsOf(_id)).Tool);
        var offered = cluster.Model.Requests[^1].Body["tools"]!.AsArray().Select(t => t!["function"]!).ToList();
        Assert.Superset(
            new HashSet<string> { "lab_add", "lab_charge", "lab_dotted_name", "far_charge", "absent_find" },
            offered.Select(f => (string)f["name"]!).ToHashSet());
        var add = offered.Single(f => (string?)f["name"] == "lab_add");
        Assert.Equal("Adds two numbers.", (string?)add["description"]);
        Assert.Equal(["a", "b"], add["parameters"]!["required"]!.AsArray().Select(r => (string)r!).Order());
    }

    [Fact]
    public async Task Tool_WhoseNameAModelCannotSay_IsCalledByAnother() => Assert.Equal("dotted", Output(await TurnAsync("lab_dotted_name", "{}")));

    [Fact]
    public async Task Tools_OfAServerAskedForTogether_RunTogether()
    {
        var key = cluster.NewKey();
        CallsOnce(ScriptedModel.Call(0, _id, "lab_hold", "{}"), ScriptedModel.Call(1, _id + "b", "lab_hold", "{}"));
        var turn = await SubmitAsync(key);
        await UntilAsync(key, turn, () => cluster.EffectsOf(_id).Count + cluster.EffectsOf(_id + "b").Count == 2);
        cluster.Release(_id);
        cluster.Release(_id + "b");
        Assert.Equal(["held", "held"], Outputs(await EndAsync(key, turn)));
    }

    [Theory]
    [InlineData("lab_add", """{"a":"two","b":3}""", "do not match the schema")]
    [InlineData("lab_fail", "{}", "Error: no such account")]
    [InlineData("lab_hammer", "{}", "the call was not made")]
    [InlineData("far_add", "{}", "no function named 'far_add'")]
    [InlineData("absent_find", "{}", "the server 'absent' of this tool cannot be reached at the moment; the call was not made")]
    public async Task Tool_OfAServer_ThatCannotAnswer_TellsTheModelWhy(string name, string arguments, string why)
    {
        var end = await TurnAsync(name, arguments);
        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Contains(why, Output(end), StringComparison.Ordinal);
        Assert.True(name == "lab_fail" || cluster.EffectsOf(_id).Count == 0);
    }

    [Theory]
    [InlineData(ToolServerCluster.ResultLength, false)]
    [InlineData(ToolServerCluster.ResultLength + 1, true)]
    public async Task Result_AtAndPastItsBound_IsKeptAndCut(int length, bool cut)
    {
        var output = Output(await TurnAsync("lab_big", $$"""{"length":{{length}}}"""));
        Assert.Equal(ToolServerCluster.ResultLength, output.TakeWhile(c => c == 'x').Count());
        Assert.Equal(cut, output.Contains($"(cut: {length} characters, {ToolServerCluster.ResultLength} kept)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ToolServer_OfASilo_HasNothingOfItsEnvironmentButWhatItNeeds()
    {
        var variables = Output(await TurnAsync("lab_secrets", "{}")).Split(' ');
        Assert.Contains("EFFECTS", variables);
        Assert.Contains("PATH", variables);
        Assert.DoesNotContain(ToolServerCluster.Secret, variables);
    }

    [Fact]
    public async Task Turn_Cancelled_StopsTheCallAtTheServer()
    {
        var key = cluster.NewKey();
        CallsOnce(ScriptedModel.Call(0, _id, "lab_hold", "{}"));
        var turn = await SubmitAsync(key);
        await UntilAsync(key, turn, () => cluster.EffectsOf(_id).Count == 1);
        await cluster.Session(key).CancelAsync(turn);
        await UntilAsync(key, turn, () => cluster.EffectsOf(_id).Any(e => e.Tool == "cancelled"));
    }

    [Fact]
    public async Task ToolServer_KilledDuringACall_LeavesItsOutcomeUnknownAndComesBack()
    {
        var key = cluster.NewKey();
        CallsOnce(ScriptedModel.Call(0, _id, "lab_hold", "{}"));
        var turn = await SubmitAsync(key);
        await UntilAsync(key, turn, () => cluster.EffectsOf(_id).Count == 1);
        var first = cluster.EffectsOf(_id)[0].Process;
        using (var process = Process.GetProcessById(first)) process.Kill();
        var end = await EndAsync(key, turn);
        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Contains("outcome is unknown", Output(end), StringComparison.Ordinal);
        Assert.Single(cluster.EffectsOf(_id));

        // The same session, so the same silo, which has another process by now or waits for it.
        CallsOnce(ScriptedModel.Call(0, _id + "b", "lab_charge", """{"amount":1}"""));
        Assert.Equal("charged 1", Output(await EndAsync(key, await SubmitAsync(key))));
        Assert.NotEqual(first, Assert.Single(cluster.EffectsOf(_id + "b")).Process);
    }

    [Fact]
    public async Task ToolServer_DownThenUpThenKilled_IsReachedWhenItIsThere()
    {
        Assert.Contains("the call was not made", Output(await TurnAsync("far_charge", """{"amount":1}""")), StringComparison.Ordinal);
        cluster.StartFar();
        Assert.Equal("charged 2", await UntilReachedAsync("far_charge", """{"amount":2}"""));
        Assert.Contains("took longer than 1 seconds", await UntilReachedAsync("hasty_hold", "{}"), StringComparison.Ordinal);

        var key = cluster.NewKey();
        var call = $"call_{Guid.NewGuid():N}";
        CallsOnce(ScriptedModel.Call(0, call, "far_hold", "{}"));
        var turn = await SubmitAsync(key);
        await UntilAsync(key, turn, () => cluster.EffectsOf(call).Count == 1);
        await cluster.StopFarAsync();
        Assert.Contains("outcome is unknown", Output(await EndAsync(key, turn)), StringComparison.Ordinal);
        Assert.Single(cluster.EffectsOf(call));
        Assert.Contains("the call was not made", Output(await TurnAsync("far_charge", """{"amount":3}""")), StringComparison.Ordinal);
        cluster.StartFar();
        Assert.Equal("charged 4", await UntilReachedAsync("far_charge", """{"amount":4}"""));
    }

    [Theory]
    [InlineData("lab_charge", """{"amount":1}""", false)]
    [InlineData("lab_charge", """{"amount":1}""", true)]
    [InlineData("lab_add", """{"a":1,"b":1}""", false)]
    public async Task Write_ThatFailsAfterATool_RepeatsOnlyAnIdempotentOneUnderTheSameKey(string name, string arguments, bool after)
    {
        var key = cluster.NewKey();
        CallsOnce(ScriptedModel.Call(0, _id, name, arguments));
        FaultyStorage.Fail(key.ToString(), 2, after);
        var request = Say("go") with { Options = new TurnOptions { Agent = "remote" } };
        await cluster.SubmitPatientlyAsync(key, request);
        var end = (TurnEnded)(await cluster.EventsAsync(key, request.Id))[^1];
        Assert.Equal(2, end.Turn.Attempts.Length);
        var effects = cluster.EffectsOf(_id);
        Assert.Equal(name == "lab_add" ? 2 : 1, effects.Count);
        Assert.Single(effects.Select(e => e.Key).Distinct());
        Assert.Contains(name == "lab_add" ? "2" : after ? "charged 1" : "outcome is unknown", Output(end), StringComparison.Ordinal);
    }

    [Fact]
    public async Task CallersTool_NamedLikeAServersTools_IsRefused()
    {
        var request = Say("go") with { Options = new TurnOptions { Agent = "remote", ToolsJson = """[{"type":"function","name":"absent_thing"}]""" } };
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(cluster.NewKey()).SubmitAsync(request));
        Assert.Equal((RefusalCode.Invalid, "tools"), (refusal.Code, refusal.Parameter));
    }

    // A server that has just come up is noticed by each silo in its own time; a call that was not made may be made again.
    private async Task<string> UntilReachedAsync(string name, string arguments)
    {
        while (true)
        {
            var output = Output(await TurnAsync(name, arguments, $"call_{Guid.NewGuid():N}"));
            if (!output.Contains("the call was not made", StringComparison.Ordinal)) return output;
        }
    }

    private async Task UntilAsync(SessionKey key, TurnId turn, Func<bool> happened)
    {
        while (!happened()) await cluster.Session(key).WatchAsync(turn, -1);
    }

    private async Task<TurnEnded> TurnAsync(string name, string arguments, string? id = null)
    {
        var key = cluster.NewKey();
        CallsOnce(ScriptedModel.Call(0, id ?? _id, name, arguments));
        return await EndAsync(key, await SubmitAsync(key));
    }

    private void CallsOnce(params JsonObject[] calls) => cluster.Model.ReplyRaw((r, _) => r.Messages[^1].StartsWith("tool", StringComparison.Ordinal)
        ? Deltas(new JsonObject { ["content"] = "done" })
        : Deltas(calls));

    private async Task<TurnId> SubmitAsync(SessionKey key) =>
        (await cluster.Session(key).SubmitAsync(Say("go") with { Options = new TurnOptions { Agent = "remote" } })).Turn.Id;

    private async Task<TurnEnded> EndAsync(SessionKey key, TurnId turn) => (TurnEnded)(await cluster.EventsAsync(key, turn))[^1];

    private static string Output(TurnEnded end) => Assert.Single(Outputs(end));

    private static IEnumerable<string> Outputs(TurnEnded end) => end.Output.Select(i => i.Body).OfType<FunctionCallOutput>().Select(o => o.Output);

    private static async IAsyncEnumerable<JsonObject> Deltas(params JsonObject[] deltas)
    {
        await Task.Yield();
        // A node has one parent: each reply needs its own.
        foreach (var delta in deltas) yield return (JsonObject)delta.DeepClone();
    }
}
