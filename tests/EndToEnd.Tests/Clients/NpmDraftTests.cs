using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>Counting and compacting with the stock npm package <c>openai</c>.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class NpmDraftTests(SmallCluster cluster) : IDisposable
{
    public void Dispose() => cluster.Model.Reply(r => $"echo: {r.LastUser}");

    private Uri Gateway => cluster.Processes.Gateways[0].HttpUrl;

    [Fact]
    public async Task InputTokens_OfAConversation_GrowWithItAndStoreNothing()
    {
        var session = RunningCluster.NewSession();
        var empty = await CountAsync(session);
        Assert.Equal(404, (int)(await cluster.Caller().GetAsync($"conversations/{session}")).Status);
        await cluster.Caller().SayAsync(session, "one");

        // The message, what it was answered with, and four more for each of them.
        Assert.Equal(empty + 1 + 4 + 3 + 4, await CountAsync(session));
        Assert.Equal(2, (await cluster.Caller().TranscriptAsync(session)).Count);
    }

    [Fact]
    public async Task Compact_PreviousResponse_CanBeSentBack()
    {
        cluster.Model.Reply(r => r.Messages[0].Contains("You keep the memory", StringComparison.Ordinal) ? "They greeted." : $"echo: {r.LastUser}");
        var first = await NodeCall.AskAsync(Gateway, "responses.create", new JsonObject { ["input"] = "one" });
        var compacted = await NodeCall.AskAsync(
            Gateway, "responses.compact", new JsonObject { ["model"] = "scripted", ["previous_response_id"] = (string?)first["id"] });
        var input = compacted["output"]!.DeepClone().AsArray();
        input.Add(new JsonObject { ["role"] = "user", ["content"] = "two" });
        var second = await NodeCall.AskAsync(Gateway, "responses.create", new JsonObject { ["input"] = input });

        Assert.Equal(["user: one", "compaction"], Items.Describe(compacted["output"]!.AsArray()));
        Assert.Equal("echo: two", (string?)second["output_text"]);
        var seen = cluster.Model.Requests[^1].Messages;
        Assert.Equal(2, seen.Count);
        Assert.EndsWith("They greeted.", seen[0], StringComparison.Ordinal);
        Assert.Equal("user: two", seen[1]);
    }

    private async Task<int> CountAsync(string session) =>
        (int)(await NodeCall.AskAsync(Gateway, "responses.inputTokens.count", Caller.Turn(session, "hi")))["input_tokens"]!;
}
