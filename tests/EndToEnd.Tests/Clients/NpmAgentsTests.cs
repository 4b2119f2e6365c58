using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The stock npm package <c>@openai/agents</c>: see <c>Npm/agents.mjs</c>.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class NpmAgentsTests : IDisposable
{
    private const string Call = "function_call: weather({\"city\":\"Bern\"})";
    private readonly SmallCluster _cluster;
    private readonly string _session = RunningCluster.NewSession();

    public NpmAgentsTests(SmallCluster cluster)
    {
        _cluster = cluster;
        _cluster.Model.ReplyRaw(Forecaster.AnswerAsync);
    }

    public void Dispose() => _cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task ConversationsSession_OfTwoRunsWithATool_HoldsEachItemOnce()
    {
        var shown = await NodeCall.ShowAsync(
            _cluster.Gateway, "agents.mjs", "session", new JsonObject { ["first"] = $"I am {_session}", ["second"] = $"weather, {_session}?" });

        Assert.Equal($"echo: I am {_session}", (string?)shown["one"]);
        Assert.Equal("It is: rain in Bern", (string?)shown["two"]);
        Assert.Equal("""["Bern"]""", shown["effects"]!.ToJsonString());
        string[] items =
        [
            $"message: I am {_session}", $"message: echo: I am {_session}", $"message: weather, {_session}?",
            "function_call: {\"city\":\"Bern\"}", "function_call_result: rain in Bern", "message: It is: rain in Bern",
        ];
        Assert.Equal(items, Tell(shown["items"]!));
        Assert.Equal(items[^1..], Tell(shown["newest"]!));
        Assert.Equal(items[^1], Tell(shown["popped"]!.AsObject()));
        Assert.Equal(items[..^1], Tell(shown["rest"]!));
        // One call for the first run, and for the second one before and one after the tool: over all that was said.
        var asked = _cluster.AskedAbout(_session);
        Assert.Equal([2, 4, 6], asked.Select(request => request.Messages.Count));
        Assert.Equal("tool: rain in Bern", asked[^1].Messages[^1]);
        Assert.Equal("conversation_not_found", (await _cluster.Caller().GetAsync($"conversations/{shown["id"]}")).ErrorCode);
    }

    [Fact]
    public async Task Conversation_KeptByTheServer_HoldsEachItemOnce()
    {
        var shown = await NodeCall.ShowAsync(
            _cluster.Gateway,
            "agents.mjs",
            "conversation",
            new JsonObject { ["session"] = _session, ["first"] = $"weather, {_session}?", ["second"] = $"thanks {_session}" });

        Assert.Equal("It is: rain in Bern", (string?)shown["one"]);
        Assert.Equal($"echo: thanks {_session}", (string?)shown["two"]);
        Assert.Equal($"echo: thanks {_session}", (string?)shown["streamed"]);
        Assert.Equal(
            [
                $"user: weather, {_session}?", Call, "function_call_output: rain in Bern", "assistant: It is: rain in Bern",
                $"user: thanks {_session}", $"assistant: echo: thanks {_session}",
            ],
            await _cluster.Caller().TranscriptAsync(_session));
        Assert.Equal(3, _cluster.AskedAbout(_session).Count);
    }

    private static IReadOnlyList<string> Tell(JsonNode items) => [.. items.AsArray().Select(item => Tell(item!.AsObject()))];

    private static string Tell(JsonObject item) =>
        $"{item["type"]}: {item["arguments"] ?? item["output"] ?? string.Concat(item["content"]!.AsArray().Select(part => (string?)part!["text"]))}";
}
