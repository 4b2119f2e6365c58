using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The WebSocket of the stock npm package <c>openai</c>, and a plain one.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class NpmSocketTests(SmallCluster cluster) : IDisposable
{
    public void Dispose() => cluster.Model.Reply(r => $"echo: {r.LastUser}");

    private Uri Gateway => cluster.Processes.Gateways[0].HttpUrl;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Chain_OverOneConnection_RemembersAndStreamsAsAlways(bool store)
    {
        using var call = await NodeCall.StartAsync(
            Gateway,
            "responses.ws",
            new JsonObject { ["input"] = "one", ["store"] = store },
            new JsonObject { ["input"] = "two", ["store"] = store, ["previous_response_id"] = "$last" });
        var frames = (await call.ToEndAsync()).Select(frame => StreamEvent.OfJson(frame.ToJsonString())).ToList();
        var second = frames.FindLastIndex(frame => frame.Type == "response.created");

        StreamRules.AssertCompleted(frames[..second], "echo: one");
        StreamRules.AssertCompleted(frames[second..], "echo: two");
        Assert.Equal(["user: one", "assistant: echo: one", "user: two"], cluster.Model.Requests[^1].Messages);
        foreach (var id in (string[])[(string)frames[0].Response["id"]!, (string)frames[^1].Response["id"]!])
        {
            Assert.Equal(store ? 200 : 404, (int)(await cluster.Caller().GetAsync($"responses/{id}")).Status);
        }
    }

    [Fact]
    public async Task Chain_ThatIsNotStored_IsUnknownOnTheNextConnection()
    {
        using var first = await NodeCall.StartAsync(Gateway, "responses.ws", new JsonObject { ["input"] = "one", ["store"] = false });
        var id = (string)(await first.ToEndAsync())[^1]["response"]!["id"]!;
        using var second = await NodeCall.StartAsync(
            Gateway,
            "responses.ws",
            new JsonObject { ["input"] = "two", ["previous_response_id"] = id },
            new JsonObject { ["input"] = "three" });
        var frames = await second.ToEndAsync();

        Assert.Equal(("error", 400, "previous_response_not_found"), ((string?)frames[0]["type"], (int?)frames[0]["status"], (string?)frames[0]["error"]!["code"]));
        Assert.Equal("response.completed", (string?)frames[^1]["type"]);
    }

    [Fact]
    public async Task Connection_OfAGatewayThatStops_IsClosedAndTheTurnRunsOn()
    {
        var session = RunningCluster.NewSession();
        var goesOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Model.Reply((_, stop) => HeldAsync(goesOn.Task, stop));
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {Caller.DevelopmentKey}");
        await socket.ConnectAsync(new UriBuilder(new Uri(Gateway, "/v1/responses")) { Scheme = "ws" }.Uri, Deadline.Token);
        var request = Caller.Turn(session, "Tell");
        request["type"] = "response.create";
        await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(request.ToJsonString()), WebSocketMessageType.Text, true, Deadline.Token);
        await ReceiveAsync(socket, until: "response.output_text.delta");
        var gateway = cluster.Processes.Gateways[0];
        await gateway.TerminateAsync();
        try
        {
            await ReceiveAsync(socket, until: null);
            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, socket.CloseStatus);
        }
        finally
        {
            goesOn.SetResult();
            await RunningCluster.ReviveAsync(gateway);
        }

        await Deadline.UntilAsync(() => cluster.Caller().TranscriptAsync(session), items => items.SequenceEqual(["user: Tell", "assistant: Once upon a time"]));
    }

    // To the first frame of that type; or to the end of the connection.
    private static async Task ReceiveAsync(ClientWebSocket socket, string? until)
    {
        var buffer = new byte[64 * 1024];
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer, Deadline.Token);
            if (read.MessageType == WebSocketMessageType.Close) return;
            if (until is not null && (string?)JsonNode.Parse(buffer.AsSpan(0, read.Count))!["type"] == until) return;
        }
    }

    private static async IAsyncEnumerable<string> HeldAsync(Task goesOn, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        yield return "Once upon";
        await goesOn.WaitAsync(stop);
        yield return " a time";
    }
}
