using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The stock npm package <c>@langchain/openai</c> with its Responses API: see <c>Npm/langchain.mjs</c>.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class NpmLangChainTests : IDisposable
{
    private readonly SmallCluster _cluster;
    private readonly string _session = RunningCluster.NewSession();

    public NpmLangChainTests(SmallCluster cluster)
    {
        _cluster = cluster;
        _cluster.Model.ReplyRaw(Forecaster.AnswerAsync);
    }

    public void Dispose() => _cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Invoke_AfterAPreviousResponseAndInAConversation_GoesOn()
    {
        var shown = await ShowAsync("invoke", new JsonObject { ["session"] = _session, ["first"] = $"one {_session}", ["second"] = $"two {_session}" });

        Assert.Equal($"echo: one {_session}", (string?)shown["one"]);
        Assert.Equal($"echo: two {_session}", (string?)shown["two"]);
        Assert.Equal((4, 3), ((int)shown["usage"]!["input_tokens"]!, (int)shown["usage"]!["output_tokens"]!));
        string[] history = ["system: Be brief.", "user: before", "assistant: yes?", $"user: one {_session}"];
        Assert.Equal(
            [
                .. history,
                .. history, $"assistant: echo: one {_session}", $"user: two {_session}",
                $"user: one {_session}",
            ],
            _cluster.AskedAbout(_session).SelectMany(request => request.Messages));
        Assert.Equal([$"user: one {_session}", $"assistant: echo: one {_session}"], await _cluster.Caller().TranscriptAsync(_session));
    }

    [Fact]
    public async Task Stream_ComesInPiecesWithUsage()
    {
        var shown = await ShowAsync("stream", new JsonObject { ["text"] = $"hello {_session}" });

        Assert.Equal(["echo:", " hello", $" {_session}"], shown["pieces"]!.AsArray().Select(piece => (string?)piece).Where(piece => piece is not ""));
        Assert.Equal($"echo: hello {_session}", (string?)shown["text"]);
        Assert.Equal(3, (int)shown["usage"]!["output_tokens"]!);
        Assert.Single(_cluster.AskedAbout(_session));
    }

    [Fact]
    public async Task Tools_AnsweredWithTheHistoryOrThePreviousResponse_AreToldOf()
    {
        var shown = await ShowAsync("tools", new JsonObject { ["text"] = $"the weather, {_session}?" });

        var call = Assert.Single(shown["calls"]!.AsArray())!;
        Assert.Equal(("weather", "Bern"), ((string?)call["name"], (string?)call["args"]!["city"]));
        Assert.Equal("It is: rain in Bern", (string?)shown["answered"]);
        Assert.Equal("It is: snow", (string?)shown["shorter"]);
        Assert.Equal(3, _cluster.AskedAbout(_session).Count);
    }

    [Fact]
    public async Task StructuredOutput_IsAskedOfTheModel()
    {
        var shown = await ShowAsync("structured", new JsonObject { ["text"] = $"json {_session}" });

        Assert.Equal("Bern", (string?)shown["shaped"]!["city"]);
        Assert.Equal("place", (string?)Assert.Single(_cluster.AskedAbout(_session)).Body["response_format"]!["json_schema"]!["name"]);
    }

    private Task<JsonObject> ShowAsync(string feature, JsonObject given) => NodeCall.ShowAsync(_cluster.Gateway, "langchain.mjs", feature, given);
}
