using System.Text.Json.Nodes;
using Conversations.Client.Grpc.V1;
using Conversations.EndToEnd.Tests.Callers;
using Grpc.Core;
using Grpc.Net.Client;

namespace Conversations.EndToEnd.Tests.Lists;

/// <summary>Requests that bring nothing: what is there already is answered.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class NoInputTests : IDisposable
{
    private readonly SmallCluster _cluster;
    private readonly string _session = RunningCluster.NewSession();

    public NoInputTests(SmallCluster cluster)
    {
        _cluster = cluster;
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
    }

    public void Dispose() => _cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Request_WithoutInput_AnswersWhatTheConversationHolds()
    {
        var caller = _cluster.Caller();
        var items = new JsonArray(new JsonObject { ["role"] = "user", ["content"] = "Hi there" });
        (await caller.PostAsync($"conversations/{_session}/items", new JsonObject { ["items"] = items })).Ok();
        var first = (await caller.PostAsync("responses", new JsonObject { ["conversation"] = _session })).Ok();
        var again = (await caller.PostAsync("responses", new JsonObject { ["previous_response_id"] = first.Id, ["input"] = new JsonArray() })).Ok();

        Assert.Equal("echo: Hi there", first.OutputText);
        Assert.Equal(["user: Hi there"], _cluster.Model.Requests[^2].Messages);
        Assert.Equal(["user: Hi there", "assistant: echo: Hi there"], _cluster.Model.Requests[^1].Messages);
        Assert.Equal(["user: Hi there", "assistant: echo: Hi there"], await caller.TranscriptAsync(_session));
        Assert.Empty((await caller.GetAsync($"responses/{first.Id}/input_items")).Ok().Body["data"]!.AsArray());
        Assert.Equal((await caller.GetAsync($"responses/{again.Id}")).Ok().Text, again.Text);
        using var replayed = await caller.ResumeAsync(first.Id);
        Assert.Equal("response.completed", (await replayed.ToEndAsync())[^1].Type);
    }

    [Fact]
    public async Task Request_WithoutInput_WhereThereIsNothingToAnswer_IsRefusedAndMakesNothing()
    {
        var caller = _cluster.Caller();
        var refused = await caller.PostAsync("responses", new JsonObject { ["conversation"] = _session });

        Assert.Equal((400, "invalid_value", "input"), ((int)refused.Status, refused.ErrorCode, (string?)refused.Body["error"]!["param"]));
        Assert.Equal(404, (int)(await caller.GetAsync($"conversations/{_session}")).Status);
    }

    [Fact]
    public async Task Run_WithoutInput_AnswersWhatTheSessionHolds()
    {
        using var channel = GrpcChannel.ForAddress(_cluster.Processes.Gateways[0].GrpcUrl);
        var client = new Client.Grpc.V1.Conversations.ConversationsClient(channel);
        var key = new Metadata { { "authorization", $"Bearer {Caller.DevelopmentKey}" } };
        (await _cluster.Caller().SayAsync(_session, "Hi there")).Ok();

        using var call = client.Run(new TurnRequest { SessionId = _session }, key);
        var events = await call.ResponseStream.ReadAllAsync().ToListAsync();

        Assert.Equal((TurnStatus.Completed, 0), (events[^1].Ended.Turn.Status, events[^1].Ended.Turn.InputCount));
        Assert.Equal(
            ["user: Hi there", "assistant: echo: Hi there", "assistant: echo: Hi there"], await _cluster.Caller().TranscriptAsync(_session));
    }
}
