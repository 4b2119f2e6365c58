using Conversations.Client;
using Conversations.Client.Grpc;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Health.V1;
using V1 = Conversations.Client.Grpc.V1;

namespace Conversations.Unit.Tests.Client.Grpc;

public sealed class GrpcWireTests(GrpcHost host) : IClassFixture<GrpcHost>, IDisposable
{
    private readonly StockClient _client = host.Client();

    public void Dispose() => (host.Sessions.First, host.Sessions.OnCancel, host.Sessions.OnLetGo) = (_ => Task.CompletedTask, null, null);

    [Fact]
    public async Task CreateOrGet_NewSession_IsTheTenantsAndNamesItsSilo()
    {
        using var call = _client.Ask<V1.Session>(new V1.CreateOrGetRequest { SessionId = "user-42", Metadata = { { "topic", "cats" } } });
        var session = await call;

        Assert.Equal(("user-42", "cats"), (session.Id, session.Metadata["topic"]));
        Assert.Equal("dev/user-42", host.Sessions.LastKey.ToString());
        var headers = await call.ResponseHeadersAsync;
        Assert.Equal("silo-2", headers.GetValue("x-conversations-silo"));
        Assert.NotNull(headers.GetValue("x-request-id"));
    }

    [Fact]
    public async Task Fork_OfAPlace_IsASessionWithAParent()
    {
        var id = new ItemId(Samples.TurnId, 0, 1);
        using var call = _client.Ask<V1.Session>(new V1.ForkRequest { SessionId = "user-42", NewSessionId = "mine", BeforeItem = $"msg_{id}" });
        var fork = await call.ResponseAsync;

        Assert.Equal(new ForkFrom { Session = "user-42", BeforeItem = id }, host.Sessions.LastFork);
        Assert.Equal("mine", host.Sessions.LastKey!.Value.Id);
        Assert.Equal(("user-42", 2), (fork.Parent.SessionId, fork.Parent.Seq));
    }

    [Theory]
    [InlineData("", "conv_mine", "new_session_id")]
    [InlineData("", "a b", "new_session_id")]
    [InlineData("", "user-42", "new_session_id")]
    [InlineData("no item", "", "at_item")]
    public async Task Fork_ThatBreaksARule_IsRefusedByTheFieldsName(string item, string id, string field)
    {
        var wish = new V1.ForkRequest { SessionId = "user-42", NewSessionId = id };
        if (item.Length > 0) wish.AtItem = item;
        var refused = await RefusedAsync(_client.Ask<V1.Session>(wish));

        Assert.Equal(field, refused.Trailers.GetValue("conversations-param"));
    }

    [Fact]
    public async Task Fork_KeyOfAnotherFork_IsKeyReusedAndOnlyThen()
    {
        host.Sessions.First = _ => throw new RefusalException(RefusalCode.SessionExists, "There is one.", "id");
        var keyed = await RefusedAsync(_client.Ask<V1.Session>(new V1.ForkRequest { SessionId = "user-42", IdempotencyKey = "k" }));
        var named = await RefusedAsync(_client.Ask<V1.Session>(new V1.ForkRequest { SessionId = "user-42", NewSessionId = "mine" }));

        Assert.Equal(("KeyReused", "idempotency_key"), (keyed.Trailers.GetValue("conversations-refusal"), keyed.Trailers.GetValue("conversations-param")));
        Assert.Equal("SessionExists", named.Trailers.GetValue("conversations-refusal"));
    }

    [Fact]
    public async Task CreateOrGet_WithoutAnId_IsMadeByTheServerAndFoundAgainByItsKey()
    {
        var one = await _client.Ask<V1.Session>(new V1.CreateOrGetRequest { IdempotencyKey = "k" });
        var again = await _client.Ask<V1.Session>(new V1.CreateOrGetRequest { IdempotencyKey = "k" });
        var other = await _client.Ask<V1.Session>(new V1.CreateOrGetRequest());

        Assert.Equal(MintedId.FromKey("dev", "conversation", "k").Id, one.Id);
        Assert.Equal(one.Id, again.Id);
        Assert.StartsWith("conv_", other.Id);
        Assert.NotEqual(one.Id, other.Id);
    }

    [Fact]
    public async Task ListSessions_WithAFilter_AsksForTheTenantsOwn()
    {
        var page = await _client.Ask<V1.ListSessionsResponse>(
            new V1.ListSessionsRequest { After = "user-41", Limit = 7, Order = V1.SessionOrder.OldestFirst, Metadata = { { "topic", "cats" } } });

        Assert.Equal(("dev", "user-41", false, 7, "topic=cats"), host.Sessions.LastList);
        Assert.Equal(("user-42", true), (Assert.Single(page.Sessions).Id, page.HasMore));
        await _client.Ask<V1.ListSessionsResponse>(new V1.ListSessionsRequest());
        Assert.Equal(("dev", null, true, 20, ""), host.Sessions.LastList);
    }

    [Fact]
    public async Task GetItem_ThatIsThere_IsAnswered()
    {
        var item = await _client.Ask<V1.Item>(new V1.GetItemRequest { SessionId = "user-42", ItemId = $"msg_{Samples.Name(0)}" });
        var refused = await RefusedAsync(_client.Ask<V1.Item>(new V1.GetItemRequest { SessionId = "user-42", ItemId = "no item" }));

        Assert.Equal("Hi", item.Message.Content[0].InputText.Text);
        Assert.Equal((StatusCode.NotFound, "item_id"), (refused.StatusCode, refused.Trailers.GetValue("conversations-param")));
    }

    [Fact]
    public async Task ListAgents_HasEveryName() =>
        Assert.Equal(["demo", "writer"], (await _client.Ask<V1.ListAgentsResponse>(new V1.ListAgentsRequest())).Agents.Select(agent => agent.Name));

    [Theory]
    [InlineData(V1.Truncation.Unspecified, null)]
    [InlineData(V1.Truncation.Auto, "auto")]
    [InlineData(V1.Truncation.Disabled, "disabled")]
    public async Task Submit_Truncation_IsTheDialects(V1.Truncation truncation, string? expected)
    {
        var wish = Wish();
        wish.Options = new V1.TurnOptions { Truncation = truncation };
        await _client.Ask<V1.SubmitResponse>(wish);

        Assert.Equal(expected, host.Sessions.LastRequest!.Options.Truncation);
    }

    [Theory]
    [InlineData(true, HealthCheckResponse.Types.ServingStatus.Serving)]
    [InlineData(false, HealthCheckResponse.Types.ServingStatus.NotServing)]
    public async Task Health_WithoutAKey_IsWhetherTheHostIsReady(bool isWell, HealthCheckResponse.Types.ServingStatus expected)
    {
        host.IsWell = isWell;

        Assert.Equal(expected, (await host.HealthAsync()).Status);
    }

    [Theory]
    [InlineData("", 0, -1)]
    [InlineData("4.2", 4, 2)]
    [InlineData("latest", 9, 9)]
    public async Task WatchSession_AfterAPlace_StreamsWhatHappens(string after, int version, int index)
    {
        using var call = _client.Stream<V1.SessionEvent>(new V1.WatchSessionRequest { SessionId = "user-42", After = after });
        var events = new List<V1.SessionEvent>();
        await foreach (var e in call.ResponseStream.ReadAllAsync()) events.Add(e);

        Assert.Equal(new SessionCursor(version, index), host.Sessions.LastPlace);
        Assert.Equal(("3.0", V1.SessionEvent.KindOneofCase.Given), (events[0].Place, events[0].KindCase));
        Assert.All(events.Skip(1), e => Assert.Equal(("", Samples.TurnId.ToString()), (e.Place, e.TurnId)));
        Assert.Equal(Samples.Events.Select(e => e.Number), events.Skip(1).Select(e => e.Event.Number));
    }

    [Fact]
    public async Task CreateOrGet_IdThatAServerWouldHaveMade_IsNotFound()
    {
        var refused = await RefusedAsync(_client.Ask<V1.Session>(new V1.CreateOrGetRequest { SessionId = "conv_nope" }));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Equal(nameof(RefusalCode.SessionNotFound), refused.Trailers.GetValue(GrpcRefusals.RefusalTrailer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("größe")]
    public async Task GetSession_IdThatBreaksTheRule_IsRefused(string id)
    {
        var refused = await RefusedAsync(_client.Ask<V1.Session>(new V1.GetSessionRequest { SessionId = id }));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal("session_id", refused.Trailers.GetValue(GrpcRefusals.ParameterTrailer));
    }

    [Fact]
    public async Task Run_ToTheEnd_StreamsEveryEventInOrder()
    {
        using var call = _client.Stream(Wish());

        var events = await call.ResponseStream.ReadAllAsync().ToListAsync();

        Assert.Equal(Samples.Events.Select(e => e.Number), events.Select(e => e.Number));
        Assert.Equal(V1.Event.KindOneofCase.Ended, events[^1].KindCase);
        Assert.True(host.Sessions.LastRequest!.CreatesSession);
        Assert.Equal("silo-2", (await call.ResponseHeadersAsync).GetValue("x-conversations-silo"));
    }

    [Fact]
    public async Task Watch_AfterANumber_StreamsTheRest()
    {
        using var call = _client.Stream(
            new V1.WatchRequest { SessionId = "user-42", TurnId = Samples.TurnId.ToString(), After = TurnEvent.AttemptStride });

        var events = await call.ResponseStream.ReadAllAsync().ToListAsync();

        Assert.Equal(TurnEvent.AttemptStride + 1, events[0].Number);
        Assert.All(events, e => Assert.Equal("silo-2", e.Silo));
    }

    [Fact]
    public async Task Watch_WithoutANumber_StreamsFromTheFirstEvent()
    {
        using var call = _client.Stream(new V1.WatchRequest { SessionId = "user-42", TurnId = Samples.TurnId.ToString() });
        await call.ResponseStream.ReadAllAsync().ToListAsync();

        Assert.Equal(-1, host.Sessions.LastAfter);
    }

    [Theory]
    [InlineData("ffffffffffffffffffffffffffffffff")]
    [InlineData("resp_x")]
    [InlineData("")]
    public async Task GetTurn_UnknownOrUnreadableId_IsNotFound(string id)
    {
        var refused = await RefusedAsync(_client.Ask<V1.TurnSnapshot>(new V1.GetTurnRequest { SessionId = "user-42", TurnId = id }));

        Assert.Equal(StatusCode.NotFound, refused.StatusCode);
        Assert.Equal("turn_id", refused.Trailers.GetValue(GrpcRefusals.ParameterTrailer));
    }

    [Fact]
    public async Task EveryOtherCall_OnWhatExists_Answers()
    {
        var turn = Samples.TurnId.ToString();
        var item = new V1.InputItem { FunctionCallOutput = new() { CallId = "c" } };

        Assert.True((await _client.Ask<V1.SubmitResponse>(Wish())).IsNew);
        Assert.Equal("user-42", (await _client.Ask<V1.Session>(new V1.GetSessionRequest { SessionId = "user-42" })).Id);
        Assert.Equal("user-42", (await _client.Ask<V1.Session>(new V1.SetMetadataRequest { SessionId = "user-42" })).Id);
        Assert.Single((await _client.Ask<V1.TurnSnapshot>(new V1.GetTurnRequest { SessionId = "user-42", TurnId = turn })).Output);
        Assert.Single((await _client.Ask<V1.TurnSnapshot>(new V1.CancelRequest { SessionId = "user-42", TurnId = turn })).Input);
        Assert.Single(
            (await _client.Ask<V1.TurnSnapshot>(new V1.ResolveRequest { SessionId = "user-42", TurnId = turn, CallId = "c", Approve = false, Reason = "No." })).Output);
        Assert.Equal(("c", false, "No."), host.Sessions.LastAnswer);
        Assert.Equal(40, (await _client.Ask<V1.AppendItemsResponse>(new V1.AppendItemsRequest { SessionId = "user-42", Items = { item } })).Items[0].Seq);
        Assert.Equal(
            "user-42",
            (await _client.Ask<V1.Session>(new V1.EraseItemRequest { SessionId = "user-42", ItemId = $"msg_{Samples.Name(0)}" })).Id);
        await _client.Ask<Empty>(new V1.DeleteRequest { SessionId = "user-42" });
        var page = await _client.Ask<V1.ListItemsResponse>(new V1.ListItemsRequest { SessionId = "user-42", Order = V1.ItemOrder.NewestFirst });
        Assert.Equal((41, true), (page.Items[0].Seq, page.HasMore));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(101)]
    public async Task ListItems_LimitOutOfBounds_IsRefused(int limit)
    {
        var refused = await RefusedAsync(_client.Ask<V1.ListItemsResponse>(new V1.ListItemsRequest { SessionId = "user-42", Limit = limit }));

        Assert.Equal((StatusCode.InvalidArgument, "limit"), (refused.StatusCode, refused.Trailers.GetValue(GrpcRefusals.ParameterTrailer)));
    }

    [Fact]
    public async Task AnyCall_WithAnUnknownKey_IsUnauthenticated()
    {
        var refused = await RefusedAsync(host.Client("wrong").Ask<V1.Session>(new V1.GetSessionRequest { SessionId = "user-42" }));

        Assert.Equal(StatusCode.Unauthenticated, refused.StatusCode);
    }

    [Fact]
    public async Task AnyCall_FaultThatOutlastsTheRetries_IsUnavailableAndSaysWhenToComeBack()
    {
        host.Sessions.First = _ => throw new UnavailableException(TimeSpan.FromMilliseconds(250), new TimeoutException());

        var refused = await RefusedAsync(_client.Ask<V1.SubmitResponse>(Wish()));

        Assert.Equal((StatusCode.Unavailable, "250"), (refused.StatusCode, refused.Trailers.GetValue(GrpcRefusals.RetryAfterTrailer)));
        Assert.Equal(TimeSpan.FromMilliseconds(250), refused.GetRpcStatus()!.GetDetail<RetryInfo>()!.RetryDelay.ToTimeSpan());
    }

    [Fact]
    public async Task AnyCall_FaultOfOurs_IsInternalWithoutDetail()
    {
        host.Sessions.First = _ => throw new InvalidOperationException("password=secret");

        var refused = await RefusedAsync(_client.Ask<V1.SubmitResponse>(Wish()));

        Assert.Equal(StatusCode.Internal, refused.StatusCode);
        Assert.DoesNotContain("secret", refused.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_RefusedBeforeTheFirstEvent_HasTheStatusOfTheRefusal()
    {
        host.Sessions.First = _ => throw new RefusalException(RefusalCode.SessionBusy, "Busy.");
        using var call = _client.Stream(Wish());

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));

        Assert.Equal((StatusCode.Aborted, "Busy."), (refused.StatusCode, refused.Status.Detail));
    }

    [Fact]
    public async Task AnyCall_PastItsDeadline_IsDeadlineExceededAndStopsWaiting()
    {
        var gaveUp = new TaskCompletionSource();
        host.Sessions.First = ct => HangAsync(gaveUp, ct);

        var deadline = TimeProvider.System.GetUtcNow().UtcDateTime.AddMilliseconds(200);
        var refused = await RefusedAsync(_client.Ask<V1.SubmitResponse>(Wish(), deadline));

        Assert.Equal(StatusCode.DeadlineExceeded, refused.StatusCode);
        await gaveUp.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Run_CallerThatLeaves_StopsTheStream()
    {
        var gaveUp = new TaskCompletionSource();
        var isHanging = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        host.Sessions.First = ct =>
        {
            isHanging.TrySetResult();
            return HangAsync(gaveUp, ct);
        };
        using var call = _client.Stream(Wish(), cancellationToken: leaving.Token);
        await isHanging.Task.WaitAsync(TimeSpan.FromSeconds(10));

        await leaving.CancelAsync();

        var refused = await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(default));
        Assert.Equal(StatusCode.Cancelled, refused.StatusCode);
        await gaveUp.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Run_CallerThatAskedForItLeaves_CancelsTheTurn()
    {
        var cancelled = new TaskCompletionSource<TurnId>();
        var isHanging = new TaskCompletionSource();
        using var leaving = new CancellationTokenSource();
        host.Sessions.OnCancel = cancelled.SetResult;
        host.Sessions.First = async ct =>
        {
            // What was accepted is streamed; the rest must not depend on the caller.
            if (!ct.CanBeCanceled) return;
            isHanging.TrySetResult();
            await Task.Delay(Timeout.InfiniteTimeSpan, ct);
        };
        var wish = Wish();
        wish.OnDisconnect = V1.OnDisconnect.Cancel;
        using var call = _client.Stream(wish, cancellationToken: leaving.Token);
        await isHanging.Task.WaitAsync(TimeSpan.FromSeconds(10));

        await leaving.CancelAsync();

        Assert.Equal(host.Sessions.LastRequest!.Id, await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Theory]
    [InlineData("approve", false, 0)]
    [InlineData("reason", true, 4097)]
    public async Task Resolve_AnswerThatBreaksARule_IsRefused(string field, bool answers, int reasonLength)
    {
        var wish = new V1.ResolveRequest
        {
            SessionId = "user-42",
            TurnId = Samples.TurnId.ToString(),
            CallId = "c",
            Reason = new string('r', reasonLength),
        };
        if (answers) wish.Approve = true;

        var refused = await RefusedAsync(_client.Ask<V1.TurnSnapshot>(wish));

        Assert.Equal((StatusCode.InvalidArgument, field), (refused.StatusCode, refused.Trailers.GetValue(GrpcRefusals.ParameterTrailer)));
    }

    [Theory]
    [InlineData(new byte[] { 0x0A, 0x01, 0xFF })] // A string that is no UTF-8.
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF })] // No field at all.
    public async Task Submit_BytesThatAreNoMessage_IsTheCallersFault(byte[] request)
    {
        var refused = await RefusedAsync(_client.Submit(request));

        Assert.Equal(StatusCode.InvalidArgument, refused.StatusCode);
        Assert.Equal(nameof(RefusalCode.Invalid), refused.Trailers.GetValue(GrpcRefusals.RefusalTrailer));
    }

    [Fact]
    public async Task Submit_LargerThanTheGatewayTakes_IsResourceExhausted()
    {
        var refused = await RefusedAsync(_client.Submit(new byte[new GatewayOptions().MaxBodyBytes + 1]));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
    }

    [Fact]
    public async Task Submit_NotStoredAndWithoutASession_IsRefused()
    {
        var wish = Wish();
        (wish.SessionId, wish.Options) = ("", new() { Store = false });

        var refused = await RefusedAsync(_client.Ask<V1.SubmitResponse>(wish));

        Assert.Equal((StatusCode.InvalidArgument, "options.store"), (refused.StatusCode, refused.Trailers.GetValue("conversations-param")));
    }

    [Fact]
    public async Task Run_NotStoredAndWithoutASession_LetsItGoAtTheEnd()
    {
        var letGo = new TaskCompletionSource<SessionKey>();
        host.Sessions.OnLetGo = letGo.SetResult;
        var wish = Wish();
        (wish.SessionId, wish.Options) = ("", new() { Store = false });
        using var call = _client.Stream(wish);
        while (await call.ResponseStream.MoveNext(default))
        {
        }

        Assert.StartsWith("dev/conv_", (await letGo.Task.WaitAsync(TimeSpan.FromSeconds(10))).ToString());
    }

    [Fact]
    public async Task Submit_PreviousThatIsNotThere_IsRefusedByItsName()
    {
        host.Sessions.First = _ => throw new RefusalException(RefusalCode.SessionNotFound, "There is no such conversation.");
        var wish = Wish();
        (wish.SessionId, wish.Previous) = ("", new() { SessionId = "gone", TurnId = Samples.TurnId.ToString() });

        var refused = await RefusedAsync(_client.Ask<V1.SubmitResponse>(wish));

        Assert.Equal((StatusCode.NotFound, "TurnNotFound", "previous"), (refused.StatusCode, refused.Trailers.GetValue("conversations-refusal"), refused.Trailers.GetValue("conversations-param")));
    }

    [Fact]
    public async Task CountTokens_OfASession_IsAskedOfItsTenants()
    {
        var answer = await _client.Ask<V1.CountTokensResponse>(new V1.DraftRequest { SessionId = "user-42", Input = { Wish().Input } });

        Assert.Equal((42, "dev", "user-42", true), (answer.InputTokens, host.Drafts.Last!.Tenant, host.Drafts.Last.After!.Session, host.Drafts.Last.MakesSession));
    }

    [Fact]
    public async Task Compact_Output_IsTheNextRequestsInput()
    {
        var answer = await _client.Ask<V1.CompactResponse>(new V1.DraftRequest { SessionId = "user-42" });
        var next = Wish();
        next.Input.Clear();
        next.Input.Add(answer.Output);
        await _client.Ask<V1.SubmitResponse>(next);

        Assert.Equal(new V1.Usage { InputTokens = 7, OutputTokens = 3, CachedTokens = 2, ReasoningTokens = 1 }, answer.Usage);
        Assert.Equal([typeof(Message), typeof(Compaction)], host.Sessions.LastRequest!.Input.Select(item => item.GetType()));
    }

    [Fact]
    public async Task Compact_OfNothing_IsRefused() =>
        Assert.Equal("input", (await RefusedAsync(_client.Ask<V1.CompactResponse>(new V1.DraftRequest()))).Trailers.GetValue("conversations-param"));

    [Theory]
    [InlineData("rate_limit_exceeded", StatusCode.ResourceExhausted)]
    [InlineData("model_timeout", StatusCode.Unavailable)]
    public async Task Compact_ModelThatFails_SaysWhy(string code, StatusCode status)
    {
        var compacted = host.Drafts.Compacted;
        host.Drafts.Compacted = compacted with { Error = new TurnError(code, "It failed.") };
        var refused = await RefusedAsync(_client.Ask<V1.CompactResponse>(new V1.DraftRequest { SessionId = "user-42" }));
        host.Drafts.Compacted = compacted;

        Assert.Equal((status, code.ToUpperInvariant()), (refused.StatusCode, refused.GetRpcStatus()!.GetDetail<ErrorInfo>()!.Reason));
    }

    [Fact]
    public async Task Reference_InEveryCallThatTakesItems_IsTheItemItself()
    {
        var item = new V1.InputItem { ItemReference = new() { Id = $"msg_{Samples.Name(3)}" } };

        await _client.Ask<V1.SubmitResponse>(new V1.TurnRequest { SessionId = "user-42", Input = { item } });
        Assert.Equal("Hi", TextOf(host.Sessions.LastRequest!.Input));
        Assert.Equal(new ForkFrom { Session = "user-42" }, host.Sessions.LastLookup.History);
        await _client.Ask<V1.AppendItemsResponse>(new V1.AppendItemsRequest { SessionId = "user-43", Items = { item } });
        Assert.Equal("Hi", TextOf(host.Sessions.LastRequest!.Input));
        Assert.Equal(new ForkFrom { Session = "user-43" }, host.Sessions.LastLookup.History);
        await _client.Ask<V1.CountTokensResponse>(new V1.DraftRequest { Input = { item } });
        Assert.Equal("Hi", TextOf(host.Drafts.Last!.Input));
        Assert.Null(host.Sessions.LastLookup.History);
        await _client.Ask<V1.CompactResponse>(new V1.DraftRequest { Input = { item } });
        Assert.Equal("Hi", TextOf(host.Drafts.Last!.Input));

        static string TextOf(IReadOnlyList<ItemBody> input) => ((InputText)((Message)Assert.Single(input)).Content[0]).Text;
    }

    [Fact]
    public async Task Reference_ToNothing_IsNotFoundByItsField()
    {
        host.Sessions.Referred = _ => null;
        var wish = new V1.TurnRequest { SessionId = "user-42", Input = { new V1.InputItem { ItemReference = new() { Id = $"msg_{Samples.Name(3)}" } } } };
        var refused = await RefusedAsync(_client.Ask<V1.SubmitResponse>(wish));
        host.Sessions.Referred = MadeUpSessions.Said;

        Assert.Equal((StatusCode.NotFound, "input[0].item_reference.id"), (refused.StatusCode, refused.Trailers.GetValue(GrpcRefusals.ParameterTrailer)));
    }

    private static V1.TurnRequest Wish() => new()
    {
        SessionId = "user-42",
        Input = { new V1.InputItem { Message = new() { Role = V1.Role.User, Content = { new V1.ContentPart { InputText = new() { Text = "Hi" } } } } } },
    };

    private static async Task HangAsync(TaskCompletionSource gaveUp, CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.Register(gaveUp.SetResult);
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private static async Task<RpcException> RefusedAsync<T>(AsyncUnaryCall<T> call) =>
        await Assert.ThrowsAsync<RpcException>(async () => await call);
}
