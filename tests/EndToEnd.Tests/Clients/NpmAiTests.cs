using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The stock npm packages <c>ai</c> and <c>@ai-sdk/open-responses</c>: see <c>Npm/ai.mjs</c>.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class NpmAiTests : IDisposable
{
    private readonly SmallCluster _cluster;
    private readonly string _said = RunningCluster.NewSession();

    public NpmAiTests(SmallCluster cluster)
    {
        _cluster = cluster;
        _cluster.Model.ReplyRaw(Forecaster.AnswerAsync);
    }

    public void Dispose() => _cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task GenerateText_IsAnswered()
    {
        var shown = await ShowAsync("generate", $"hello {_said}");

        Assert.Equal($"echo: hello {_said}", (string?)shown["answer"]);
        Assert.Equal("stop", (string?)shown["finishReason"]);
        Assert.Equal((2, 3), ((int)shown["usage"]!["inputTokens"]!, (int)shown["usage"]!["outputTokens"]!));
        Assert.Equal(["system: Be brief.", $"user: hello {_said}"], Assert.Single(_cluster.AskedAbout(_said)).Messages);
        var input = (await _cluster.Caller().GetAsync($"responses/{shown["id"]}/input_items")).Ok();
        Assert.Equal([$"user: hello {_said}"], Items.Describe(input.Body["data"]!.AsArray()));
    }

    [Fact]
    public async Task StreamText_OverAHistory_ComesInPieces()
    {
        var shown = await ShowAsync("stream", $"hello {_said}");

        Assert.Equal(["echo:", " hello", $" {_said}"], shown["pieces"]!.AsArray().Select(piece => (string?)piece));
        Assert.Equal("stop", (string?)shown["finishReason"]);
        Assert.Equal(["user: before", "assistant: yes?", $"user: hello {_said}"], Assert.Single(_cluster.AskedAbout(_said)).Messages);
    }

    [Fact]
    public async Task GenerateText_WithATool_CallsItOnceAndAnswers()
    {
        var shown = await ShowAsync("tools", $"the weather, {_said}?");

        Assert.Equal("It is: rain in Bern", (string?)shown["answer"]);
        Assert.Equal("""[["tool-call","tool-result"],["text"]]""", shown["steps"]!.ToJsonString());
        Assert.Equal("""["Bern"]""", shown["effects"]!.ToJsonString());
        Assert.Equal(2, _cluster.AskedAbout(_said).Count);
    }

    [Fact]
    public async Task StreamText_WithATool_CallsItOnceAndAnswers()
    {
        var shown = await ShowAsync("streamTools", $"the weather, {_said}?");

        Assert.Equal("It is: rain in Bern", (string?)shown["answer"]);
        Assert.Equal(
            ["start", "start-step", "tool-call", "tool-result", "finish-step", "start-step", "text-start", "text-delta", "text-delta", "text-end", "finish-step", "finish"],
            shown["parts"]!.AsArray().Select(part => (string?)part));
        Assert.Equal("""["Bern"]""", shown["effects"]!.ToJsonString());
        Assert.Equal(2, _cluster.AskedAbout(_said).Count);
    }

    [Fact]
    public async Task Output_AsAnObject_IsAskedOfTheModel()
    {
        var shown = await ShowAsync("object", $"json {_said}");

        Assert.Equal("Bern", (string?)shown["shaped"]!["city"]);
        Assert.Equal(7, (int)shown["free"]!["degrees"]!);
        Assert.Equal(["json_schema", "json_object"], _cluster.AskedAbout(_said).Select(request => (string?)request.Body["response_format"]!["type"]));
    }

    [Fact]
    public async Task Model_Unknown_IsRefusedInWords()
    {
        var refused = (await ShowAsync("refusals", ""))["model"]!;

        Assert.Equal(("APICallError", 400), ((string?)refused["kind"], (int)refused["status"]!));
        Assert.Contains("There is no agent 'nobody'", (string?)refused["message"], StringComparison.Ordinal);
    }

    private Task<JsonObject> ShowAsync(string feature, string text) =>
        NodeCall.ShowAsync(_cluster.Gateway, "ai.mjs", feature, new JsonObject { ["text"] = text });
}
