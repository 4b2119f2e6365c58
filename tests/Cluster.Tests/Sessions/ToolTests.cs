using System.Text.Json.Nodes;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Testing;
using Conversations.Turns;
using Microsoft.Extensions.DependencyInjection;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sessions;

[Collection("cluster")]
public sealed class ToolTests(SessionCluster cluster) : IDisposable
{
    private readonly string _id = $"call_{Guid.NewGuid():N}";

    public void Dispose()
    {
        cluster.Tools.Gate.TrySetResult();
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
    }

    [Fact]
    public async Task Tool_OfTheServer_IsCalledAndItsResultHandedBack()
    {
        var key = cluster.NewKey();
        CallOnce("add", """{"a":2,"b":3}""");
        var submitted = await SubmitAsync(key, "add");
        var live = await cluster.EventsAsync(key, submitted.Turn.Id);
        var end = (TurnEnded)live[^1];

        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Collection(
            end.Output.Select(i => i.Body),
            b => Assert.Equal(new FunctionCall(_id, "add", """{"a":2,"b":3}"""), b),
            b => Assert.Equal(new FunctionCallOutput(_id, "5"), b),
            b => Assert.IsType<Message>(b));
        Assert.Equal(["user: add", $"assistant: add({{\"a\":2,\"b\":3}})#{_id}", "tool: 5"], cluster.Model.Requests[^1].Messages);
        Assert.Equal("add", (string?)cluster.Model.Requests[^1].Body["tools"]![0]!["function"]!["name"]);
        var journaled = await cluster.Journal.FindTurnAsync(key, submitted.Turn.Id, default);
        Assert.Equal(live.Select(Wire), TurnReplay.Events(journaled!.Turn, journaled.Output, -1).Select(Wire));
        await cluster.TurnAsync(key, "next");
        Assert.Contains("tool: 5", cluster.Model.Requests[^1].Messages);
    }

    [Theory]
    [InlineData("calculate", """{"expression":"(2 + 3) * 4 / 8"}""", "2.5")]
    [InlineData("calculate", """{"expression":"2 +"}""", "Error: the expression cannot be computed.")]
    [InlineData("calculate", """{"expression":"len('x')"}""", "Error: the expression may have")]
    [InlineData("current_time", "{}", "UTC")]
    [InlineData("notes_read", "{}", "The notebook is empty.")]
    public async Task Tool_OfTheExamples_Answers(string name, string arguments, string result)
    {
        var key = cluster.NewKey();
        CallOnce(name, arguments);
        var end = await TurnAsync(key, "go");
        Assert.Contains(result, end.Output.Select(i => i.Body).OfType<FunctionCallOutput>().Single().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Notebook_OfASession_KeepsNotesAndGoesWithIt()
    {
        var (key, other) = (cluster.NewKey(), cluster.NewKey());
        CallOnce("note_add", """{"text":"Sam likes tea"}""");
        await TurnAsync(key, "note");
        Assert.Contains("1. Sam likes tea", await ReadNotesAsync(key), StringComparison.Ordinal);
        Assert.Contains("empty", await ReadNotesAsync(other), StringComparison.Ordinal);
        await cluster.Session(key).DeleteAsync();
        Assert.Contains("empty", await ReadNotesAsync(key), StringComparison.Ordinal);
    }

    private async Task<string> ReadNotesAsync(SessionKey key)
    {
        var id = $"call_{Guid.NewGuid():N}";
        cluster.Model.ReplyRaw((r, _) => r.Messages[^1].StartsWith("tool", StringComparison.Ordinal)
            ? Text("done")
            : Deltas(ScriptedModel.Call(0, id, "notes_read", "{}")));
        var request = Say("read") with { Options = new TurnOptions { Agent = "handy" } };
        await cluster.SubmitPatientlyAsync(key, request);
        var end = (TurnEnded)(await cluster.EventsAsync(key, request.Id))[^1];
        return end.Output.Select(i => i.Body).OfType<FunctionCallOutput>().Single().Output;
    }

    [Fact]
    public async Task Tools_AskedForTogether_AreAllCalledOnce()
    {
        var key = cluster.NewKey();
        cluster.Model.ReplyRaw((r, _) => r.Messages.Any(m => m.StartsWith("tool", StringComparison.Ordinal))
            ? Text("both done")
            : Deltas(ScriptedModel.Call(0, _id, "charge", """{"amount":1}"""), ScriptedModel.Call(1, _id + "b", "add", """{"a":1,"b":1}""")));
        var end = await TurnAsync(key, "go");
        Assert.Equal(1, cluster.Tools.Effects[_id]);
        Assert.Equal(1, cluster.Tools.Effects[_id + "b"]);
        Assert.Equal(2, end.Output.Count(i => i.Body is FunctionCallOutput));
        Assert.Equal(2, cluster.Model.Requests[^1].Messages.Count(m => m.StartsWith("tool: ", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("add", """{"a":"two","b":3}""", "do not match the schema")]
    [InlineData("add", "{nonsense", "not valid JSON")]
    [InlineData("nobody", "{}", "no function named 'nobody'")]
    [InlineData("slow", "{}", "took longer than 0.2 seconds")]
    public async Task Tool_ThatCannotAnswer_TellsTheModelWhy(string name, string arguments, string why)
    {
        var key = cluster.NewKey();
        CallOnce(name, arguments);
        var end = await TurnAsync(key, "go");
        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Contains(why, end.Output.Select(i => i.Body).OfType<FunctionCallOutput>().Single().Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_OfTheCaller_EndsTheTurnAndTheNextBringsItsOutput()
    {
        var key = cluster.NewKey();
        CallOnce("weather", """{"city":"Oslo"}""");
        var options = new TurnOptions
        {
            Agent = "scripted",
            ToolsJson = """[{"type":"function","name":"weather","parameters":{"type":"object","properties":{"city":{"type":"string"}}}}]""",
        };
        var first = await cluster.Session(key).SubmitAsync(Say("weather?") with { Options = options });
        var end = (TurnEnded)(await cluster.EventsAsync(key, first.Turn.Id))[^1];
        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.IsType<FunctionCall>(Assert.Single(end.Output).Body);

        var second = await cluster.Session(key).SubmitAsync(Say("") with { Options = options, Input = [new FunctionCallOutput(_id, "rain")] });
        await cluster.EventsAsync(key, second.Turn.Id);
        Assert.Equal(["user: weather?", $"assistant: weather({{\"city\":\"Oslo\"}})#{_id}", "tool: rain"], cluster.Model.Requests[^1].Messages);
    }

    [Fact]
    public async Task Tool_OfTheCallerLeftUnanswered_StillGivesAValidHistory()
    {
        var key = cluster.NewKey();
        CallOnce("weather", "{}");
        var options = new TurnOptions { Agent = "scripted", ToolsJson = """[{"type":"function","name":"weather"}]""" };
        var first = await cluster.Session(key).SubmitAsync(Say("weather?") with { Options = options });
        await cluster.EventsAsync(key, first.Turn.Id);
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        await cluster.TurnAsync(key, "never mind");
        Assert.Equal(4, cluster.Model.Requests[^1].Messages.Count);
        Assert.StartsWith("tool: No result", cluster.Model.Requests[^1].Messages[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tool_WhoseTurnIsCancelled_GetsAnOutputAllTheSame()
    {
        var key = cluster.NewKey();
        cluster.Tools.Gate = new TaskCompletionSource();
        CallOnce("charge", "{}");
        var submitted = await SubmitAsync(key, "go");
        while (!cluster.Tools.Effects.ContainsKey(_id)) await cluster.Session(key).WatchAsync(submitted.Turn.Id, -1);
        await cluster.Session(key).CancelAsync(submitted.Turn.Id);
        var end = (TurnEnded)(await cluster.EventsAsync(key, submitted.Turn.Id))[^1];
        Assert.Equal(TurnStatus.Cancelled, end.Turn.Status);
        Assert.Contains("stopped before", Assert.IsType<FunctionCallOutput>(end.Output[^1].Body).Output, StringComparison.Ordinal);
        var journaled = await cluster.Journal.FindTurnAsync(key, submitted.Turn.Id, default);
        Assert.Equal((await cluster.EventsAsync(key, submitted.Turn.Id)).Select(Wire), TurnReplay.Events(journaled!.Turn, journaled.Output, -1).Select(Wire));
    }

    [Theory]
    [InlineData("auto", "auto")]
    [InlineData("required", "required")]
    public async Task ToolChoice_AllowedTools_OffersTheModelNoOthers(string mode, string asked)
    {
        var key = cluster.NewKey();
        CallOnce("charge", "{}");
        var options = new TurnOptions
        {
            Agent = "handy",
            ToolsJson = """[{"type":"function","name":"weather"},{"type":"function","name":"news"}]""",
            ToolChoiceJson = $$"""{"type":"allowed_tools","mode":"{{mode}}","tools":[{"type":"function","name":"add"},{"type":"function","name":"weather"}]}""",
        };
        var submitted = await cluster.Session(key).SubmitAsync(Say("go") with { Options = options });
        var end = (TurnEnded)(await cluster.EventsAsync(key, submitted.Turn.Id))[^1];
        var body = cluster.Model.Requests[^1].Body;
        Assert.Equal(["add", "weather"], body["tools"]!.AsArray().Select(t => (string)t!["function"]!["name"]!).Order());
        Assert.Equal(asked, (string?)body["tool_choice"]);
        // Nor may it call what it was not offered.
        Assert.Contains("no function named 'charge'", end.Output.Select(i => i.Body).OfType<FunctionCallOutput>().Single().Output, StringComparison.Ordinal);
        Assert.False(cluster.Tools.Effects.ContainsKey(_id));
    }

    [Fact]
    public async Task Tool_WhoseSchemaRefersToItsDefinitions_IsOfferedWithThem()
    {
        var key = cluster.NewKey();
        cluster.Model.Reply(_ => "fine");
        var options = new TurnOptions
        {
            Agent = "scripted",
            ToolsJson = """
                [{"type":"function","name":"weather","parameters":
                  {"type":"object","properties":{"place":{"$ref":"#/$defs/place"}},"$defs":{"place":{"type":"object","properties":{"city":{"type":"string"}}}}}}]
                """,
        };
        await cluster.EventsAsync(key, (await cluster.Session(key).SubmitAsync(Say("go") with { Options = options })).Turn.Id);
        var offered = cluster.Model.Requests[^1].Body["tools"]![0]!["function"]!["parameters"]!["properties"]!["place"]!;
        Assert.Equal("string", (string?)offered["properties"]?["city"]?["type"]);
        Assert.DoesNotContain("$ref", offered.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ToolChoice_OfAToolThatIsNotThere_IsRefused()
    {
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(cluster.NewKey()).SubmitAsync(Say("go") with
        {
            Options = new TurnOptions { ToolChoiceJson = """{"type":"allowed_tools","mode":"auto","tools":[{"type":"function","name":"hammer"}]}""" },
        }));
        Assert.Equal((RefusalCode.Invalid, "tool_choice"), (refusal.Code, refusal.Parameter));
    }

    [Fact]
    public async Task Turn_PastItsToolCalls_EndsIncomplete()
    {
        var key = cluster.NewKey();
        var n = 0;
        cluster.Model.ReplyRaw((_, _) => Deltas(ScriptedModel.Call(0, $"{_id}_{n++}", "add", """{"a":1,"b":1}""")));
        var submitted = await cluster.Session(key).SubmitAsync(Say("go") with { Options = new TurnOptions { Agent = "handy", MaxToolCalls = 2 } });
        var end = (TurnEnded)(await cluster.EventsAsync(key, submitted.Turn.Id))[^1];
        Assert.Equal(TurnStatus.Incomplete, end.Turn.Status);
        Assert.Equal("max_tool_calls", end.Turn.Reason);
        Assert.Equal(2, cluster.Tools.Effects.Count(e => e.Key.StartsWith(_id, StringComparison.Ordinal)));
        Assert.Equal(3, end.Output.Count(i => i.Body is FunctionCallOutput));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Approval_ParksTheTurnAcrossDeactivationUntilAPersonAnswers(bool approve)
    {
        var key = cluster.NewKey();
        CallOnce("launch", "{}");
        var submitted = await SubmitAsync(key, "launch");
        await UntilParkedAsync(key, submitted.Turn.Id);
        await cluster.Cluster.DeactivateAsync(cluster.Session(key));
        Assert.False(cluster.Tools.Effects.ContainsKey(_id));

        await cluster.Session(key).ResolveAsync(submitted.Turn.Id, _id, approve, approve ? null : "too windy");
        await cluster.Session(key).ResolveAsync(submitted.Turn.Id, _id, approve, null);
        var end = (TurnEnded)(await cluster.EventsAsync(key, submitted.Turn.Id))[^1];
        Assert.Equal(TurnStatus.Completed, end.Turn.Status);
        Assert.Equal(approve, cluster.Tools.Effects.ContainsKey(_id));
        Assert.Contains(approve ? "launch done" : "too windy", end.Output.Select(i => i.Body).OfType<FunctionCallOutput>().Single().Output, StringComparison.Ordinal);
        Assert.Single(end.Turn.Attempts);
        Assert.Single(end.Output, i => i.Body is ApprovalRequest);
        Assert.Single(end.Output, i => i.Body is ApprovalResponse);
    }

    [Fact]
    public async Task Approval_OfAParkedTurnThatIsCancelled_IsGone()
    {
        var key = cluster.NewKey();
        CallOnce("launch", "{}");
        var submitted = await SubmitAsync(key, "launch");
        await UntilParkedAsync(key, submitted.Turn.Id);
        await cluster.Session(key).CancelAsync(submitted.Turn.Id);
        var refusal = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(key).ResolveAsync(submitted.Turn.Id, _id, true, null));
        Assert.Equal(RefusalCode.TurnNotFound, refusal.Code);
        Assert.False(cluster.Tools.Effects.ContainsKey(_id));
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
        Assert.Equal("echo: on", TextOf(await cluster.TurnAsync(key, "on")));
    }

    [Fact]
    public async Task Turn_BehindOneThatWaitsForAPerson_IsNobodysToRecover()
    {
        var key = cluster.NewKey();
        CallOnce("launch", "{}");
        var asking = await SubmitAsync(key, "launch");
        await UntilParkedAsync(key, asking.Turn.Id);
        var behind = await SubmitAsync(key, "next");

        // The silos of this test are members of no cluster, so all that is unfinished counts as orphaned.
        Assert.DoesNotContain(key, await OrphansAsync());
        await cluster.Session(key).ResolveAsync(asking.Turn.Id, _id, false, null);
        await cluster.EventsAsync(key, behind.Turn.Id);

        Task<IReadOnlyList<SessionKey>> OrphansAsync() =>
            cluster.Cluster.Silos[0].ServiceProvider.GetRequiredService<IOrphanedSessions>().FindAsync(0, "none", 10_000, default);
    }

    private async Task UntilParkedAsync(SessionKey key, TurnId turn)
    {
        while (await cluster.Journal.FindTurnAsync(key, turn, default) is not { Turn.Parked: true }) await cluster.Session(key).WatchAsync(turn, 9);
    }

    private void CallOnce(string name, string arguments) => cluster.Model.ReplyRaw(
        (r, _) => r.Messages.Any(m => m.StartsWith("tool", StringComparison.Ordinal)) ? Text("done") : Deltas(ScriptedModel.Call(0, _id, name, arguments)));

    private Task<Submitted> SubmitAsync(SessionKey key, string text) =>
        cluster.Session(key).SubmitAsync(Say(text) with { Options = new TurnOptions { Agent = "handy" } });

    private async Task<TurnEnded> TurnAsync(SessionKey key, string text) =>
        (TurnEnded)(await cluster.EventsAsync(key, (await SubmitAsync(key, text)).Turn.Id))[^1];

    private static string Wire(TurnEvent e) => System.Text.Json.JsonSerializer.Serialize<object>(e);

    private static IAsyncEnumerable<JsonObject> Text(string text) => Deltas(new JsonObject { ["content"] = text });

    private static async IAsyncEnumerable<JsonObject> Deltas(params JsonObject[] deltas)
    {
        await Task.Yield();
        foreach (var delta in deltas) yield return delta;
    }
}
