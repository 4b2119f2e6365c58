using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The stock NuGet package <c>Microsoft.Extensions.AI.OpenAI</c>: see <c>tests/ChatClient</c>.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class DotNetChatClientTests : IDisposable
{
    private readonly SmallCluster _cluster;
    private readonly string _said = RunningCluster.NewSession();

    public DotNetChatClientTests(SmallCluster cluster)
    {
        _cluster = cluster;
        _cluster.Model.ReplyRaw(Forecaster.AnswerAsync);
    }

    public void Dispose() => _cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task GetResponse_WithTheConversationIdOfTheLastOne_GoesOn()
    {
        var shown = await ShowAsync("turns", new JsonObject { ["first"] = $"one {_said}", ["second"] = $"two {_said}" });

        Assert.Equal([$"echo: one {_said}", $"echo: two {_said}"], shown["texts"]!.AsArray().Select(text => (string?)text));
        Assert.Equal([3, 3], shown["tokens"]!.AsArray().Select(count => (int)count!));
        Assert.Equal(
            [$"user: one {_said}", $"user: one {_said}", $"assistant: echo: one {_said}", $"user: two {_said}"],
            _cluster.AskedAbout(_said).SelectMany(request => request.Messages));
    }

    [Fact]
    public async Task GetResponse_InAConversationOfTheServer_KeepsItThere()
    {
        var conversation = await MakeAsync();
        var shown = await ShowAsync(
            "turns", new JsonObject { ["first"] = $"one {_said}", ["second"] = $"two {_said}", ["conversation"] = conversation });

        Assert.Equal([conversation, conversation], shown["conversations"]!.AsArray().Select(id => (string?)id));
        Assert.Equal(
            [$"user: one {_said}", $"assistant: echo: one {_said}", $"user: two {_said}", $"assistant: echo: two {_said}"],
            await _cluster.Caller().TranscriptAsync(conversation));
        Assert.Equal(2, _cluster.AskedAbout(_said).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FunctionInvocation_InAConversation_CallsOnceAndAnswers(bool stream)
    {
        var conversation = await MakeAsync();
        var text = $"the weather, {_said}?";
        var shown = await ShowAsync("tool", new JsonObject { ["conversation"] = conversation, ["text"] = text, ["stream"] = stream });

        // The client hands a function's result over as JSON.
        Assert.Equal("It is: \"rain in Bern\"", (string?)shown["text"]);
        Assert.Equal(1, (int)shown["calls"]!);
        Assert.Equal(
            [
                $"user: {text}", "function_call: weather({\"city\":\"Bern\"})", "function_call_output: \"rain in Bern\"",
                "assistant: It is: \"rain in Bern\"",
            ],
            await _cluster.Caller().TranscriptAsync(conversation));
        Assert.Equal(2, _cluster.AskedAbout(_said).Count);
    }

    [Fact]
    public async Task GetStreamingResponse_ComesInPieces()
    {
        var shown = await ShowAsync("stream", new JsonObject { ["text"] = $"hello {_said}" });

        Assert.Equal(["echo:", " hello", $" {_said}"], shown["pieces"]!.AsArray().Select(piece => (string?)piece));
        Assert.Single(_cluster.AskedAbout(_said));
    }

    [Fact]
    public async Task GetResponse_AsAType_IsAskedOfTheModel()
    {
        var shown = await ShowAsync("typed", new JsonObject { ["text"] = $"forecast {_said}" });

        Assert.Equal(("Bern", 7), ((string?)shown["city"], (int)shown["degrees"]!));
        Assert.Equal("json_schema", (string?)Assert.Single(_cluster.AskedAbout(_said)).Body["response_format"]!["type"]);
    }

    private async Task<string> MakeAsync() => (await _cluster.Caller().PostAsync("conversations", [])).Ok().Id;

    private Task<JsonObject> ShowAsync(string feature, JsonObject given) => ClientProcess.ShowDotNetAsync(_cluster.Gateway, "ChatClient", feature, given);
}
