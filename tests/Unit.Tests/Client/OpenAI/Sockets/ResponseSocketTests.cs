using System.Net;
using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.Sessions;
using Conversations.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.Grpc;

namespace Conversations.Unit.Tests.Client.OpenAI.Sockets;

public sealed class ResponseSocketTests(OpenAIHost host) : IClassFixture<OpenAIHost>, IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);

    public void Dispose()
    {
        host.Sessions.First = _ => Task.CompletedTask;
        host.Sessions.Events = Samples.Events;
        (host.Sessions.OnCancel, host.Sessions.OnLetGo) = (null, null);
    }

    [Fact]
    public async Task Create_Frame_IsAnsweredWithTheEventsOfAStreamAndTheNextToo()
    {
        using var caller = await SocketCaller.OpenAsync(host.Url);
        await caller.CreateAsync(""" "conversation": "user-42", "input": "hi", "stream": true, "background": true """);
        var first = await caller.ToEndAsync();
        await caller.CreateAsync(""" "conversation": "user-42", "input": "hi again" """);
        var second = await caller.ToEndAsync();

        Assert.Equal(Samples.Events.Select(e => EventShape.Of(host.Sessions.LastKey!.Value, e)!.Type), first.Select(Type));
        Assert.Equal(first.Select(Type), second.Select(Type));
        Assert.False(host.Sessions.LastRequest!.Options.Background);
        Assert.Equal("hi again", ((Conversations.History.InputText)((Conversations.History.Message)host.Sessions.LastRequest.Input[0]).Content[0]).Text);
    }

    [Theory]
    [InlineData("""{"type": "response.create", """, "invalid_json", null)]
    [InlineData("[]", "invalid_type", null)]
    [InlineData("{}", "missing_required_parameter", "type")]
    [InlineData("""{"type": "response.cancel"}""", "unsupported_value", "type")]
    [InlineData("""{"type": "response.create"}""", "missing_required_parameter", "input")]
    [InlineData("""{"type": "response.create", "input": 7}""", "invalid_type", "input")]
    [InlineData("""{"type": "response.create", "input": "hi", "generate": "no"}""", "invalid_type", "generate")]
    public async Task Frame_ThatBreaksARule_IsRefusedAndTheConnectionGoesOn(string frame, string code, string? param)
    {
        using var caller = await SocketCaller.OpenAsync(host.Url);
        await caller.SendAsync(frame);
        var refused = (await caller.NextAsync())!;
        await caller.CreateAsync(""" "input": "hi" """);

        Assert.Equal(("error", 400, code, param), (Type(refused), (int?)refused["status"], ErrorOf(refused), (string?)refused["error"]!["param"]));
        Assert.Equal("invalid_request_error", (string?)refused["error"]!["type"]);
        Assert.NotEmpty((string)refused["error"]!["message"]!);
        Assert.Equal("response.created", Type((await caller.NextAsync())!));
    }

    [Fact]
    public async Task Frame_OfBytes_IsRefusedAndTheConnectionGoesOn()
    {
        using var caller = await SocketCaller.OpenAsync(host.Url);
        await caller.SendAsync("""{"type": "response.create", "input": "hi"}""", WebSocketMessageType.Binary);
        Assert.Equal("invalid_frame", ErrorOf((await caller.NextAsync())!));

        await caller.CreateAsync(""" "input": "hi" """);
        Assert.Equal("response.created", Type((await caller.NextAsync())!));
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, WebSocketCloseStatus.MessageTooBig)]
    public async Task Frame_AtAndPastTheBound_IsTakenAndClosesTheConnection(int past, WebSocketCloseStatus? status)
    {
        const string start = """{"type": "response.create", "input": "hi", "padding": " """;
        const string end = "\"}";
        using var caller = await SocketCaller.OpenAsync(host.Url);
        await caller.SendAsync(start + new string('x', OpenAIHost.MaxBodyBytes + past - start.Length - end.Length) + end);
        var answer = await caller.NextAsync();

        Assert.Equal(status is null ? "response.created" : null, answer is null ? null : Type(answer));
        Assert.Equal(status, caller.Socket.CloseStatus);
    }

    [Fact]
    public async Task Create_WhileOneIsMade_IsRefusedAndTheFirstGoesOn()
    {
        var goesOn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Sessions.First = _ => host.Sessions.LastStep == nameof(ISessions.FollowAsync) ? goesOn.Task : Task.CompletedTask;
        using var caller = await SocketCaller.OpenAsync(host.Url);
        await caller.CreateAsync(""" "input": "hi" """);
        await caller.CreateAsync(""" "input": "me first" """);
        var refused = (await caller.NextAsync())!;
        goesOn.SetResult();

        Assert.Equal((409, "response_already_in_flight"), ((int?)refused["status"], ErrorOf(refused)));
        Assert.Equal("response.created", Type((await caller.ToEndAsync())[0]));
    }

    [Fact]
    public async Task Warmup_WithoutAnAnswer_OnlyAppends()
    {
        using var caller = await SocketCaller.OpenAsync(host.Url);
        await caller.CreateAsync(""" "input": "hi", "generate": false """);
        await caller.ToEndAsync();

        Assert.False(host.Sessions.LastRequest!.CallsModel);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("wrong")]
    public async Task Upgrade_WithoutAKey_IsRefused(string? key)
    {
        using var caller = new SocketCaller();
        caller.Socket.Options.CollectHttpResponseDetails = true;
        if (key is not null) caller.Socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        await Assert.ThrowsAsync<WebSocketException>(() => caller.Socket.ConnectAsync(new UriBuilder(new Uri(host.Url, "responses")) { Scheme = "ws" }.Uri, default));

        Assert.Equal(HttpStatusCode.Unauthorized, caller.Socket.HttpStatusCode);
    }

    [Fact]
    public async Task Chain_ThatIsNotStored_IsThisConnectionsAlone()
    {
        Succeed();
        var gone = new TaskCompletionSource<SessionKey>(TaskCreationOptions.RunContinuationsAsynchronously);
        host.Sessions.OnLetGo = key => gone.TrySetResult(key);
        using var other = await SocketCaller.OpenAsync(host.Url);
        using (var caller = await SocketCaller.OpenAsync(host.Url))
        {
            var first = await AskAsync(caller, """ "input": "hi", "store": false """);
            Assert.Equal((SessionLifetime.Private, true, false), Terms());
            await AskAsync(caller, $$""" "input": "go on", "store": false, "previous_response_id": "{{first}}" """);
            Assert.Equal((SessionLifetime.Kept, true, true), Terms());
            Assert.True(ResponseId.TryParse(first, out var id));
            Assert.Equal(id.Session, host.Sessions.LastKey!.Value.Id);

            await AskAsync(other, $$""" "input": "go on", "store": false, "previous_response_id": "{{first}}" """);
            Assert.False(host.Sessions.LastRequest!.OwnsSession);
            Assert.False(gone.Task.IsCompleted);
            await caller.CloseAsync();

            Assert.Equal(id.Session, (await gone.Task.WaitAsync(Long)).Id);
        }
    }

    [Fact]
    public async Task Continuation_ThatFails_ForgetsWhatItWentOnFrom()
    {
        Succeed();
        using var caller = await SocketCaller.OpenAsync(host.Url);
        var first = await AskAsync(caller, """ "input": "hi", "store": false """);
        await caller.CreateAsync($$""" "input": "go on", "store": false, "temperature": 9, "previous_response_id": "{{first}}" """);
        Assert.Equal("temperature", (string?)(await caller.NextAsync())!["error"]!["param"]);
        await AskAsync(caller, $$""" "input": "go on", "store": false, "previous_response_id": "{{first}}" """);

        Assert.False(host.Sessions.LastRequest!.OwnsSession);
    }

    [Fact]
    public async Task Previous_ThatIsNotThere_IsSaid()
    {
        using var caller = await SocketCaller.OpenAsync(host.Url);
        host.Sessions.First = _ => Task.FromException(new RefusalException(RefusalCode.TurnNotFound, "No."));
        foreach (var id in (string[])["resp_none", new ResponseId("user-42", Samples.TurnId).ToString()])
        {
            await caller.CreateAsync($$""" "input": "go on", "previous_response_id": "{{id}}" """);
            var refused = (await caller.NextAsync())!;

            Assert.Equal((400, "previous_response_not_found", "previous_response_id"), ((int?)refused["status"], ErrorOf(refused), (string?)refused["error"]!["param"]));
        }
    }

    [Theory]
    [InlineData(null, """ "on_disconnect": "cancel" """, true)]
    [InlineData("cancel", """ "top_p": 1 """, true)]
    [InlineData(null, """ "top_p": 1 """, false)]
    [InlineData("cancel", """ "on_disconnect": "continue" """, false)]
    public async Task Caller_ThatLeaves_CancelsItsTurnIfItAskedForThat(string? header, string member, bool cancels)
    {
        var cancelled = new List<TurnId>();
        var (hangs, served) = (new TaskCompletionSource(), new TaskCompletionSource());
        var requestId = Guid.NewGuid().ToString();
        host.OnServed = id =>
        {
            if (id == requestId) served.TrySetResult();
        };
        host.Sessions.OnCancel = cancelled.Add;
        host.Sessions.First = ct => host.Sessions.LastStep == nameof(ISessions.FollowAsync) ? HangAsync(hangs, ct) : Task.CompletedTask;
        using (var caller = await SocketCaller.OpenAsync(
            host.Url, "dev-key", [("X-Request-Id", requestId), .. header is null ? [] : new[] { ("X-On-Disconnect", header) }]))
        {
            await caller.CreateAsync($$""" "conversation": "user-42", "input": "hi", {{member}} """);
            await hangs.Task.WaitAsync(Long);
        }

        await served.Task.WaitAsync(Long);
        Assert.Equal(cancels ? [host.Sessions.LastRequest!.Id] : [], cancelled);
    }

    [Fact]
    public async Task Host_ThatStops_SendsItsCallersAway()
    {
        var stopping = new OpenAIHost();
        await stopping.InitializeAsync();
        try
        {
            var hangs = new TaskCompletionSource();
            stopping.Sessions.First = ct => stopping.Sessions.LastStep == nameof(ISessions.FollowAsync) ? HangAsync(hangs, ct) : Task.CompletedTask;
            using var caller = await SocketCaller.OpenAsync(stopping.Url);
            await caller.CreateAsync(""" "input": "hi" """);
            await hangs.Task.WaitAsync(Long);
            stopping.Stop();

            Assert.Null(await caller.NextAsync());
            Assert.Equal(WebSocketCloseStatus.EndpointUnavailable, caller.Socket.CloseStatus);
        }
        finally
        {
            await stopping.DisposeAsync();
        }
    }

    private static string? Type(JsonObject frame) => (string?)frame["type"];

    private static string? ErrorOf(JsonObject frame) => (string?)frame["error"]!["code"];

    private static async Task<string> AskAsync(SocketCaller caller, string members)
    {
        await caller.CreateAsync(members);
        var frames = await caller.ToEndAsync();
        Assert.Equal("response.completed", Type(frames[^1]));
        return (string)frames[^1]["response"]!["id"]!;
    }

    private static async Task HangAsync(TaskCompletionSource hangs, CancellationToken cancellationToken)
    {
        hangs.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private void Succeed() => host.Sessions.Events =
        [.. Samples.Events.Select(e => e is TurnEnded end ? end with { Turn = end.Turn with { Status = TurnStatus.Completed, Error = null } } : e)];

    private (SessionLifetime Lifetime, bool Owns, bool MayFork) Terms() =>
        (host.Sessions.LastRequest!.Lifetime, host.Sessions.LastRequest.OwnsSession, host.Sessions.LastRequest.MayFork);
}
