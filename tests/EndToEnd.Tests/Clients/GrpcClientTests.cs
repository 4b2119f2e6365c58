using Conversations.Client.Grpc.V1;
using Conversations.EndToEnd.Tests.Callers;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>A client generated from <c>Client/Grpc/conversations.proto</c>.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class GrpcClientTests(RunningCluster cluster)
{
    private static readonly Metadata Key = new() { { "authorization", $"Bearer {Caller.DevelopmentKey}" } };

    [Fact]
    public async Task CreateOrGet_Twice_IsOneSession()
    {
        using var first = Channel(0);
        using var second = Channel(1);
        var wish = new CreateOrGetRequest { SessionId = RunningCluster.NewSession(), Metadata = { ["topic"] = "birds" } };
        var made = await Client(first).CreateOrGetAsync(wish, Options);
        var found = await Client(second).CreateOrGetAsync(new CreateOrGetRequest { SessionId = wish.SessionId }, Options);

        Assert.Equal(made, found);
        Assert.Equal("birds", found.Metadata["topic"]);
        Assert.Equal(0, found.ItemCount);
    }

    [Fact]
    public async Task Fork_AfterATurn_GoesOnFromThere()
    {
        using var first = Channel(0);
        using var second = Channel(1);
        var session = RunningCluster.NewSession();
        using var one = Client(first).Run(Say(session, "one"), Options);
        var turn = (await EventsAsync(one))[0].Accepted.Turn.Id;
        using var two = Client(first).Run(Say(session, "two"), Options);
        await EventsAsync(two);
        var wish = new ForkRequest { SessionId = session, NewSessionId = $"{session}-fork", AfterTurn = turn, Metadata = { ["branch"] = "b" } };
        var fork = await Client(second).ForkAsync(wish, Options);
        using var mine = Client(second).Run(Say(fork.Id, "mine"), Options);
        await EventsAsync(mine);
        var items = await Client(first).ListItemsAsync(new ListItemsRequest { SessionId = fork.Id }, Options);
        var guarded = Say(session, "late");
        guarded.AfterTurn = turn;
        using var late = Client(first).Run(guarded, Options);
        var refusal = await Assert.ThrowsAsync<RpcException>(() => EventsAsync(late));

        Assert.Equal((session, 2, "b"), (fork.Parent.SessionId, fork.Parent.Seq, fork.Metadata["branch"]));
        Assert.Equal(fork, await Client(first).ForkAsync(wish, Options).ResponseAsync is { } again ? new Session(again) { ItemCount = 2 } : null);
        Assert.Equal([0, 1, 2, 3], items.Items.Select(i => i.Seq));
        Assert.Equal(StatusCode.FailedPrecondition, refusal.StatusCode);
    }

    [Fact]
    public async Task Lists_OfSessionsItemsAndAgents_HaveWhatThereIs()
    {
        using var first = Channel(0);
        using var second = Channel(1);
        var topic = RunningCluster.NewSession();
        var named = await Client(first).CreateOrGetAsync(new CreateOrGetRequest { SessionId = topic, Metadata = { ["topic"] = topic } }, Options);
        var unnamed = await Client(first).CreateOrGetAsync(new CreateOrGetRequest { IdempotencyKey = topic, Metadata = { ["topic"] = topic } }, Options);
        using var run = Client(first).Run(Say(topic, "one"), Options);
        await EventsAsync(run);
        var page = await Client(second).ListSessionsAsync(new ListSessionsRequest { Limit = 1, Metadata = { ["topic"] = topic } }, Options);
        var rest = await Client(second).ListSessionsAsync(new ListSessionsRequest { After = unnamed.Id, Metadata = { ["topic"] = topic } }, Options);
        var items = await Client(second).ListItemsAsync(new ListItemsRequest { SessionId = topic }, Options);
        var agents = await Client(second).ListAgentsAsync(new ListAgentsRequest(), Options);

        Assert.StartsWith("conv_", unnamed.Id);
        Assert.Equal((unnamed.Id, true), (Assert.Single(page.Sessions).Id, page.HasMore));
        Assert.Equal((named.Id, false), (Assert.Single(rest.Sessions).Id, rest.HasMore));
        Assert.Equal(items.Items[1], await Client(first).GetItemAsync(new GetItemRequest { SessionId = topic, ItemId = items.Items[1].Id }, Options));
        Assert.Contains("scripted", agents.Agents.Select(agent => agent.Name));
    }

    [Fact]
    public async Task Fork_KeyOfAnotherFork_IsKeyReusedWithDetails()
    {
        using var channel = Channel(0);
        var session = RunningCluster.NewSession();
        using var run = Client(channel).Run(Say(session, "one"), Options);
        var turn = (await EventsAsync(run))[0].Accepted.Turn.Id;
        var fork = await Client(channel).ForkAsync(new ForkRequest { SessionId = session, IdempotencyKey = session, AfterTurn = turn }, Options);
        var again = await Client(channel).ForkAsync(new ForkRequest { SessionId = session, IdempotencyKey = session, AfterTurn = turn }, Options);
        var items = await Client(channel).ListItemsAsync(new ListItemsRequest { SessionId = session }, Options);
        var other = new ForkRequest { SessionId = session, IdempotencyKey = session, AtItem = items.Items[0].Id };
        var refused = await Assert.ThrowsAsync<RpcException>(() => Client(channel).ForkAsync(other, Options).ResponseAsync);

        Assert.Equal(fork.Id, again.Id);
        Assert.Equal((StatusCode.AlreadyExists, "KEY_REUSED"), (refused.StatusCode, refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
    }

    [Fact]
    public async Task Run_AndWatchAfterANumber_AgreeEventByEvent()
    {
        using var first = Channel(0);
        using var second = Channel(1);
        var session = RunningCluster.NewSession();
        using var run = Client(first).Run(Say(session, "one two three"), Options);
        var live = await EventsAsync(run);
        var turn = live[0].Accepted.Turn.Id;

        Assert.Equal(Enumerable.Range(0, live.Count), live.Select(e => e.Number));
        Assert.Equal("echo: one two three", TextOf(live));
        Assert.Equal(TurnStatus.Completed, live[^1].Ended.Turn.Status);
        for (var after = 0; after < live.Count; after++)
        {
            using var watch = Client(second).Watch(new WatchRequest { SessionId = session, TurnId = turn, After = after }, Options);
            Assert.Equal(live.Skip(after + 1), await EventsAsync(watch));
        }
    }

    [Fact]
    public async Task Run_HostingSiloKilled_EndsCompleted()
    {
        using var channel = Channel(0);
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        await Client(channel).CreateOrGetAsync(new CreateOrGetRequest { SessionId = session }, Options);
        using var run = Client(channel).Run(Say(session, $"Tell {session}"), Options);
        await held.Held.WaitAsync(Deadline.Length);
        var host = await cluster.HostOfAsync(session);
        await host.KillAsync();
        held.GoOn();
        try
        {
            var events = await EventsAsync(run);

            Assert.Equal(TurnStatus.Completed, events[^1].Ended.Turn.Status);
            Assert.Equal(held.Text, Assert.Single(events[^1].Ended.Output).Message.Content[0].OutputText.Text);
            Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.Number < pair.Second.Number));
            Assert.Equal([$"user: Tell {session}", $"assistant: {held.Text}"], await cluster.Caller(1).TranscriptAsync(session));
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }

    [Fact]
    public async Task Session_OverBothWires_IsOneConversation()
    {
        using var channel = Channel(1);
        var session = RunningCluster.NewSession();
        await cluster.Caller(0).SayAsync(session, "over http");
        using var run = Client(channel).Run(Say(session, "over grpc"), Options);
        await EventsAsync(run);
        var page = await Client(channel).ListItemsAsync(new ListItemsRequest { SessionId = session, Limit = 3 }, Options);
        var rest = await Client(channel).ListItemsAsync(new ListItemsRequest { SessionId = session, After = page.Items[^1].Id }, Options);

        Assert.True(page.HasMore);
        Assert.False(rest.HasMore);
        Assert.Equal([0, 1, 2, 3], page.Items.Concat(rest.Items).Select(item => item.Seq));
        Assert.Equal(
            ["over http", "echo: over http", "over grpc", "echo: over grpc"],
            page.Items.Concat(rest.Items).Select(item => item.Message.Content[0]).Select(part => part.InputText?.Text ?? part.OutputText.Text));
    }

    [Fact]
    public async Task Cancel_OfARunningTurn_BreaksTheModelCallOff()
    {
        using var channel = Channel(0);
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        var submitted = await Client(channel).SubmitAsync(Say(session, $"Tell {session}"), Options);
        var model = await held.Held.WaitAsync(Deadline.Length);
        var cancelled = await Client(channel).CancelAsync(new CancelRequest { SessionId = session, TurnId = submitted.Turn.Id }, Options);

        await model.Abandoned.WaitAsync(Deadline.Length);
        Assert.Equal(TurnStatus.Cancelled, cancelled.Turn.Status);
        Assert.Equal("echo: next", (await cluster.Caller().SayAsync(session, "next")).Ok().OutputText);
    }

    [Fact]
    public async Task Delete_OfASession_LeavesNothingToFind()
    {
        using var channel = Channel(0);
        var session = RunningCluster.NewSession();
        await cluster.Caller().SayAsync(session, "forget me");
        await Client(channel).DeleteAsync(new DeleteRequest { SessionId = session }, Options);

        var gone = await Assert.ThrowsAsync<RpcException>(() => Client(channel).GetSessionAsync(new GetSessionRequest { SessionId = session }, Options).ResponseAsync);
        Assert.Equal(StatusCode.NotFound, gone.StatusCode);
        Assert.Equal(404, (int)(await cluster.Caller(1).GetAsync($"conversations/{session}/items")).Status);
        Assert.Equal(["user: anew", "assistant: echo: anew"], await AnewAsync(session));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("Bearer no-such-key")]
    public async Task Call_WithoutAKnownKey_IsUnauthenticated(string? authorization)
    {
        using var channel = Channel(0);
        var headers = new Metadata();
        if (authorization is not null) headers.Add("authorization", authorization);

        var refused = await Assert.ThrowsAsync<RpcException>(
            () => Client(channel).GetSessionAsync(new GetSessionRequest { SessionId = "s" }, headers).ResponseAsync);

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    [Fact]
    public async Task Reflection_InDevelopment_ListsTheService()
    {
        using var channel = Channel(0);
        using var call = new ServerReflection.ServerReflectionClient(channel).ServerReflectionInfo(Options);
        await call.RequestStream.WriteAsync(new ServerReflectionRequest { ListServices = "" });
        await call.RequestStream.CompleteAsync();

        Assert.True(await call.ResponseStream.MoveNext(Deadline.Token));
        Assert.Contains("conversations.v1.Conversations", call.ResponseStream.Current.ListServicesResponse.Service.Select(service => service.Name));
    }

    private static CallOptions Options => new(Key, TimeProvider.System.GetUtcNow().Add(Deadline.Length).UtcDateTime);

    private static Client.Grpc.V1.Conversations.ConversationsClient Client(GrpcChannel channel) => new(channel);

    private static TurnRequest Say(string session, string text) => new()
    {
        SessionId = session,
        Input = { new InputItem { Message = new Message { Role = Role.User, Content = { new ContentPart { InputText = new InputText { Text = text } } } } } },
    };

    private static async Task<IReadOnlyList<Event>> EventsAsync(AsyncServerStreamingCall<Event> call)
    {
        var events = new List<Event>();
        await foreach (var next in call.ResponseStream.ReadAllAsync()) events.Add(next);
        return events;
    }

    private static string TextOf(IEnumerable<Event> events) => string.Concat(events.Where(e => e.Delta is not null).Select(e => e.Delta.Text));

    private GrpcChannel Channel(int gateway) => GrpcChannel.ForAddress(cluster.Processes.Gateways[gateway].GrpcUrl);

    private async Task<IReadOnlyList<string>> AnewAsync(string session)
    {
        await cluster.Caller().SayAsync(session, "anew");
        return await cluster.Caller().TranscriptAsync(session);
    }
}
