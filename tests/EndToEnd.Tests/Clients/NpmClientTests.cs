using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The stock npm package <c>openai</c>.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class NpmClientTests(RunningCluster cluster)
{
    [Fact]
    public async Task Conversation_OverTwoGateways_Remembers()
    {
        var session = RunningCluster.NewSession();
        await NodeCall.AskAsync(Gateway(0), "responses.create", Caller.Turn(session, $"one {session}"));
        var second = await NodeCall.AskAsync(Gateway(1), "responses.create", Caller.Turn(session, $"two {session}"));
        using var listed = await NodeCall.StartAsync(Gateway(0), "conversations.items.list", session, new JsonObject { ["order"] = "asc", ["limit"] = 1 });
        var items = await listed.ToEndAsync();

        Assert.Equal($"echo: two {session}", (string?)second["output_text"]);
        Assert.Equal(3, Assert.Single(cluster.AskedAbout($"two {session}")).Messages.Count);
        Assert.Equal(
            [$"user: one {session}", $"assistant: echo: one {session}", $"user: two {session}", $"assistant: echo: two {session}"],
            Items.Describe([.. items]));
    }

    [Fact]
    public async Task Stream_HostingSiloKilled_EndsCompleted()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        await cluster.Caller().SayAsync(session, "before");
        var host = await cluster.HostOfAsync(session);
        var turn = Caller.Turn(session, $"Tell {session}");
        turn["stream"] = true;
        using var call = await NodeCall.StartAsync(Gateway(0), "responses.create", turn);
        var events = new List<StreamEvent>();
        while (events.Count(e => e.Type == "response.output_text.delta") < held.PiecesBefore) events.Add(StreamEvent.OfJson((await call.NextAsync())!.ToJsonString()));
        await host.KillAsync();
        held.GoOn();
        try
        {
            events.AddRange((await call.ToEndAsync()).Select(e => StreamEvent.OfJson(e.ToJsonString())));

            StreamRules.AssertCompleted(events, held.Text);
            Assert.Equal(
                ["user: before", "assistant: echo: before", $"user: Tell {session}", $"assistant: {held.Text}"],
                await cluster.Caller(1).TranscriptAsync(session));
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }

    [Fact]
    public async Task StreamHelper_OfAFinishedResponse_ReplaysItFromTheStart()
    {
        var answer = (await cluster.Caller().SayAsync(RunningCluster.NewSession(), "replay me")).Ok();
        using var call = await NodeCall.StartAsync(Gateway(1), "responses.stream", new JsonObject { ["response_id"] = answer.Id });
        var events = (await call.ToEndAsync()).Select(e => StreamEvent.OfJson(e.ToJsonString())).ToList();

        StreamRules.AssertCompleted(events, "echo: replay me");
    }

    [Fact]
    public async Task Conversation_MadeByTheServer_HoldsItems()
    {
        var made = await NodeCall.AskAsync(Gateway(0), "conversations.create", new JsonObject { ["metadata"] = new JsonObject { ["topic"] = "birds" } });
        var id = (string)made["id"]!;
        await NodeCall.AskAsync(Gateway(1), "responses.create", Caller.Turn(id, "hello"));
        var found = await NodeCall.AskAsync(Gateway(1), "conversations.retrieve", id);
        var deleted = await NodeCall.AskAsync(Gateway(0), "conversations.delete", id);
        var gone = await NodeCall.AskAsync(Gateway(1), "conversations.retrieve", id);

        Assert.Equal("birds", (string?)found["metadata"]!["topic"]);
        Assert.True((bool)deleted["deleted"]!);
        Assert.Equal(404, (int)gone["fault"]!["status"]!);
        Assert.Equal("NotFoundError", (string?)gone["fault"]!["kind"]);
    }

    private Uri Gateway(int index) => cluster.Processes.Gateways[index].HttpUrl;
}
