using System.Text.Json.Nodes;
using Conversations.Testing;

namespace Conversations.EndToEnd.Tests.TheArticle;

/// <summary>"A tool's output appears once and vanishes."</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class ToolOutputTests(RunningCluster cluster)
{
    [Fact]
    public async Task ToolOutput_AppendedOnce_IsHandedToTheModelOnEveryLaterTurn()
    {
        var session = RunningCluster.NewSession();
        await cluster.Caller().SayAsync(session, "How warm is it in Oslo?");
        var appended = (await cluster.Caller(1).PostAsync($"conversations/{session}/items", new JsonObject
        {
            ["items"] = new JsonArray(
                new JsonObject { ["type"] = "function_call", ["call_id"] = "call_1", ["name"] = "weather", ["arguments"] = """{"city":"Oslo"}""" },
                new JsonObject { ["type"] = "function_call_output", ["call_id"] = "call_1", ["output"] = "21 degrees" }),
        })).Ok();
        for (var turn = 1; turn <= 3; turn++) (await cluster.Caller(turn % 2).SayAsync(session, $"turn {turn} of {session}")).Ok();

        Assert.Equal(2, appended.Body["data"]!.AsArray().Count);
        for (var turn = 1; turn <= 3; turn++) AssertHanded(Assert.Single(cluster.AskedAbout($"turn {turn} of {session}")));
        Assert.Equal(
            ["user: How warm is it in Oslo?", "assistant: echo: How warm is it in Oslo?", """function_call: weather({"city":"Oslo"})""", "function_call_output: 21 degrees"],
            (await cluster.Caller().TranscriptAsync(session)).Take(4));
    }

    private static void AssertHanded(ModelRequest request)
    {
        var messages = request.Body["messages"]!.AsArray();
        var call = Assert.Single(messages, message => message!["tool_calls"] is not null)!["tool_calls"]![0]!;
        Assert.Equal("call_1", (string?)call["id"]);
        Assert.Equal("weather", (string?)call["function"]!["name"]);
        Assert.Equal("""{"city":"Oslo"}""", (string?)call["function"]!["arguments"]);
        var output = Assert.Single(messages, message => (string?)message!["role"] == "tool")!;
        Assert.Equal("call_1", (string?)output["tool_call_id"]);
        Assert.Contains("tool: 21 degrees", request.Messages);
    }
}
