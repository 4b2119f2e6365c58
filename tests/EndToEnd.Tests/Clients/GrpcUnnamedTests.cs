using Conversations.Client.Grpc.V1;
using Conversations.EndToEnd.Tests.Callers;
using Grpc.Core;
using Grpc.Net.Client;
using Npgsql;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>Turns of gRPC that name no session, are not stored, or are only asked about: as over HTTP.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class GrpcUnnamedTests : IDisposable
{
    private readonly SmallCluster _cluster;
    private readonly GrpcChannel _channel;
    private readonly Client.Grpc.V1.Conversations.ConversationsClient _client;

    public GrpcUnnamedTests(SmallCluster cluster)
    {
        _cluster = cluster;
        _channel = GrpcChannel.ForAddress(cluster.Processes.Gateways[0].GrpcUrl);
        _client = new(_channel);
        cluster.Model.Reply(r => $"echo: {r.LastUser}");
    }

    public void Dispose()
    {
        _channel.Dispose();
        _cluster.Model.Reply(r => $"echo: {r.LastUser}");
    }

    [Fact]
    public async Task Run_AfterAnUnnamedTurn_GoesOnThereOnceAndThenInAFork()
    {
        var one = await RunAsync(Say("one"));
        var two = await RunAsync(Say("two", one));
        var other = await RunAsync(Say("other", one));

        Assert.StartsWith("conv_", one.SessionId);
        Assert.Equal((one.SessionId, one.Id), (two.SessionId, two.Previous.TurnId));
        Assert.NotEqual(one.SessionId, other.SessionId);
        Assert.Equal(["user: one", "assistant: echo: one", "user: two", "assistant: echo: two"], await _cluster.Caller().TranscriptAsync(one.SessionId));
        Assert.Equal(["user: one", "assistant: echo: one", "user: other"], _cluster.Model.Requests[^1].Messages);
    }

    [Fact]
    public async Task Run_AfterATurnOfANamedSession_LeavesThatAsItIs()
    {
        var session = RunningCluster.NewSession();
        var wish = Say("one");
        wish.SessionId = session;
        var aside = await RunAsync(Say("aside", await RunAsync(wish)));

        Assert.NotEqual(session, aside.SessionId);
        Assert.Equal(["user: one", "assistant: echo: one"], await _cluster.Caller().TranscriptAsync(session));
    }

    [Fact]
    public async Task Run_KeyWithoutASession_IsOneTurnHoweverOften()
    {
        var wish = Say("once");
        wish.IdempotencyKey = Guid.NewGuid().ToString();

        Assert.Equal(await RunAsync(wish), await RunAsync(wish));
        Assert.Single(_cluster.AskedAbout("once"));
    }

    [Fact]
    public async Task Run_NotStored_IsFoundByNobodyAndErased()
    {
        var secret = $"nightingale{Guid.NewGuid():N}";
        var wish = Say(secret);
        wish.Options = new TurnOptions { Store = false };
        var turn = await RunAsync(wish);
        var refused = await Assert.ThrowsAsync<RpcException>(
            () => _client.GetTurnAsync(new GetTurnRequest { SessionId = turn.SessionId, TurnId = turn.Id }, Options).ResponseAsync);
        var after = await Assert.ThrowsAsync<RpcException>(() => RunAsync(Say("and then?", turn)));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Equal((StatusCode.NotFound, "previous"), (after.StatusCode, after.Trailers.GetValue("conversations-param")));
        await Deadline.UntilAsync(() => RowsAsync(secret), rows => rows == 0);
    }

    [Fact]
    public async Task GetTurn_NotStoredButInANamedSession_IsNotFoundAndItsItemsStay()
    {
        var wish = Say("one");
        (wish.SessionId, wish.Options) = (RunningCluster.NewSession(), new TurnOptions { Store = false });
        var turn = await RunAsync(wish);
        var refused = await Assert.ThrowsAsync<RpcException>(
            () => _client.GetTurnAsync(new GetTurnRequest { SessionId = turn.SessionId, TurnId = turn.Id }, Options).ResponseAsync);

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Equal(["user: one", "assistant: echo: one"], await _cluster.Caller().TranscriptAsync(wish.SessionId));
    }

    [Fact]
    public async Task Compact_OfATurn_CanBeSentBackAndStandsForIt()
    {
        _cluster.Model.Reply(r => r.Messages[0].Contains("You keep the memory", StringComparison.Ordinal) ? "They greeted." : $"echo: {r.LastUser}");
        var one = await RunAsync(Say("one"));
        var draft = new DraftRequest { Previous = new() { SessionId = one.SessionId, TurnId = one.Id } };
        var count = await _client.CountTokensAsync(draft, Options);
        var compacted = await _client.CompactAsync(draft, Options);
        var next = Say("two");
        next.Input.Insert(0, compacted.Output[1]);
        next.Input.Insert(0, compacted.Output[0]);
        await RunAsync(next);

        Assert.True(count.InputTokens > 0);
        Assert.Equal("one", compacted.Output[0].Message.Content[0].InputText.Text);
        var seen = _cluster.Model.Requests[^1].Messages;
        Assert.Equal(2, seen.Count);
        Assert.EndsWith("They greeted.", seen[0], StringComparison.Ordinal);
        Assert.Equal("user: two", seen[1]);
    }

    private static CallOptions Options => new(
        new Metadata { { "authorization", $"Bearer {Caller.DevelopmentKey}" } }, TimeProvider.System.GetUtcNow().Add(Deadline.Length).UtcDateTime);

    private static TurnRequest Say(string text, Turn? previous = null) => new()
    {
        Input = { new InputItem { Message = new Message { Role = Role.User, Content = { new ContentPart { InputText = new InputText { Text = text } } } } } },
        Previous = previous is null ? null : new TurnName { SessionId = previous.SessionId, TurnId = previous.Id },
    };

    private async Task<Turn> RunAsync(TurnRequest wish)
    {
        using var run = _client.Run(wish, Options);
        var events = new List<Event>();
        await foreach (var next in run.ResponseStream.ReadAllAsync()) events.Add(next);
        return events[^1].Ended.Turn;
    }

    private async Task<long> RowsAsync(string secret)
    {
        await using var database = NpgsqlDataSource.Create(_cluster.Processes.ConnectionString + ";Pooling=false");
        await using var command = database.CreateCommand("select count(*) from conversations.item where body::text like $1");
        command.Parameters.AddWithValue($"%{secret}%");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
