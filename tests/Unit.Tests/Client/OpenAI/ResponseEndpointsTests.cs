using System.Net;
using System.Text;
using System.Text.Json;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.Grpc;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class ResponseEndpointsTests(OpenAIHost host) : IClassFixture<OpenAIHost>, IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
    private static readonly string Response = new ResponseId("user-42", Samples.TurnId).ToString();

    public void Dispose()
    {
        host.Sessions.First = _ => Task.CompletedTask;
        host.Sessions.Result = MadeUpSessions.Ended();
        (host.Sessions.OnCancel, host.OnServed) = (null, null);
    }

    [Fact]
    public async Task Create_TurnThatParks_IsAnsweredInProgressWithItsRequest()
    {
        host.Sessions.Result = new TurnResult(
            Samples.Turn with { Status = TurnStatus.InProgress, EndedAt = null, Error = null, Parked = true, Options = Samples.Options with { Background = false } },
            [Samples.Output(new ApprovalRequest("call_1", "launch", "{}"))]);

        var (status, answer) = await PostAsync("responses", """{"conversation": "user-42", "input": "go"}""");

        Assert.Equal((HttpStatusCode.OK, "in_progress"), (status, answer.GetProperty("status").GetString()));
        Assert.False(answer.GetProperty("background").GetBoolean());
        Assert.Equal("conversations:approval_request", answer.GetProperty("output")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Create_WithTools_EchoesAndHandsThemOn()
    {
        host.Sessions.Result = MadeUpSessions.Ended() with { Turn = Samples.Turn with { Options = Samples.Options } };

        var (_, answer) = await PostAsync(
            "responses",
            $$"""
              {"conversation": "user-42", "input": "go", "tools": {{Samples.Options.ToolsJson}}, "tool_choice": {{Samples.Options.ToolChoiceJson}},
               "text": {{Samples.Options.TextJson}}, "reasoning": {{Samples.Options.ReasoningJson}}, "parallel_tool_calls": false, "max_tool_calls": 3}
              """);

        var asked = host.Sessions.LastRequest!.Options;
        Assert.Equal(
            (Samples.Options.ToolsJson, Samples.Options.ToolChoiceJson, Samples.Options.TextJson, Samples.Options.ReasoningJson),
            (asked.ToolsJson, asked.ToolChoiceJson, asked.TextJson, asked.ReasoningJson));
        Assert.Equal((false, 3), (asked.ParallelToolCalls, asked.MaxToolCalls));
        Assert.Equal("look", answer.GetProperty("tools")[0].GetProperty("name").GetString());
        Assert.Equal(
            ("look", "json_object", "low", false, 3),
            (answer.GetProperty("tool_choice").GetProperty("name").GetString(),
                answer.GetProperty("text").GetProperty("format").GetProperty("type").GetString(),
                answer.GetProperty("reasoning").GetProperty("effort").GetString(),
                answer.GetProperty("parallel_tool_calls").GetBoolean(),
                answer.GetProperty("max_tool_calls").GetInt32()));
    }

    [Theory]
    [InlineData("call_1", "call_1")]
    [InlineData("functions.launch:0", "functions.launch:0")]
    [InlineData("a%2Fb%20c", "a/b c")]
    public async Task Resolve_Answer_IsHandedOnAndTheResponseAnswered(string path, string callId)
    {
        var (status, answer) = await PostAsync($"responses/{Response}/approvals/{path}", """{"approve": false, "reason": "Too windy."}""");

        Assert.Equal((HttpStatusCode.OK, Response), (status, answer.GetProperty("id").GetString()));
        Assert.Equal((callId, false, "Too windy."), host.Sessions.LastAnswer);
    }

    [Theory]
    [InlineData("{}", "missing_required_parameter", "approve")]
    [InlineData("""{"approve": "yes"}""", "invalid_type", "approve")]
    [InlineData("""{"approve": true, "reason": 1}""", "invalid_type", "reason")]
    public async Task Resolve_RuleBroken_NamesTheParameter(string body, string code, string param)
    {
        var (status, answer) = await PostAsync($"responses/{Response}/approvals/call_1", body);

        Assert.Equal((HttpStatusCode.BadRequest, code, param), (status, ErrorOf(answer, "code"), ErrorOf(answer, "param")));
    }

    [Fact]
    public async Task Resolve_UnknownResponse_IsNotFound()
    {
        var unknown = new ResponseId("user-42", new TurnId(Guid.AllBitsSet));

        var (status, answer) = await PostAsync($"responses/{unknown}/approvals/call_1", """{"approve": true}""");

        Assert.Equal((HttpStatusCode.NotFound, "response_not_found"), (status, ErrorOf(answer, "code")));
    }

    [Theory]
    [InlineData(RefusalCode.ItemNotFound, HttpStatusCode.NotFound, "item_not_found")]
    [InlineData(RefusalCode.TurnNotFound, HttpStatusCode.NotFound, "response_not_found")]
    [InlineData(RefusalCode.Invalid, HttpStatusCode.BadRequest, "invalid_value")]
    public async Task Resolve_Refused_SaysSo(RefusalCode refusal, HttpStatusCode expected, string code)
    {
        var calls = 0;
        // The first is to find the response.
        host.Sessions.First = _ => calls++ == 0 ? Task.CompletedTask : Task.FromException(new RefusalException(refusal, "No.", "call_id"));

        var (status, answer) = await PostAsync($"responses/{Response}/approvals/call_1", """{"approve": true}""");

        Assert.Equal((expected, code), (status, ErrorOf(answer, "code")));
    }

    [Theory]
    [InlineData(""" "stream": true, "on_disconnect": "cancel" """, null, true)]
    [InlineData(""" "stream": false, "on_disconnect": "cancel" """, "continue", true)]
    [InlineData(""" "stream": true, "background": true """, "cancel", true)]
    [InlineData(""" "stream": false """, "cancel", true)]
    [InlineData(""" "stream": true, "on_disconnect": "continue" """, "cancel", false)]
    [InlineData(""" "stream": true """, null, false)]
    public async Task Create_CallerLeaves_CancelsTheTurnIfAsked(string options, string? header, bool cancels)
    {
        var cancelled = new List<TurnId>();
        var (isHanging, isServed) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Sessions.OnCancel = cancelled.Add;
        var requestId = Guid.NewGuid().ToString();
        host.OnServed = id => SetIf(id == requestId, isServed);
        host.Sessions.First = ct => ct.CanBeCanceled && host.Sessions.LastStep != nameof(ISessions.SubmitAsync) ? HangAsync(isHanging, ct) : Task.CompletedTask;
        using var leaving = new CancellationTokenSource();
        using var request = Post("responses", $$"""{"conversation": "user-42", "input": "hi", {{options}}}""");
        request.Headers.Add("X-Request-Id", requestId);
        if (header is not null) request.Headers.Add("X-On-Disconnect", header);

        var answer = host.Client.SendAsync(request, HttpCompletionOption.ResponseContentRead, leaving.Token);
        await isHanging.Task.WaitAsync(Long);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await isServed.Task.WaitAsync(Long);

        Assert.Equal(cancels ? [host.Sessions.LastRequest!.Id] : [], cancelled);
    }

    [Fact]
    public async Task Resume_CallerLeaves_NeverCancels()
    {
        var cancelled = new List<TurnId>();
        var (isHanging, isServed) = (new TaskCompletionSource(), new TaskCompletionSource());
        host.Sessions.OnCancel = cancelled.Add;
        var requestId = Guid.NewGuid().ToString();
        host.OnServed = id => SetIf(id == requestId, isServed);
        host.Sessions.First = ct => host.Sessions.LastStep == nameof(ISessions.FollowAsync) ? HangAsync(isHanging, ct) : Task.CompletedTask;
        using var leaving = new CancellationTokenSource();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"responses/{Response}?stream=true");
        request.Headers.Add("X-Request-Id", requestId);
        request.Headers.Add("X-On-Disconnect", "cancel");

        var answer = host.Client.SendAsync(request, HttpCompletionOption.ResponseContentRead, leaving.Token);
        await isHanging.Task.WaitAsync(Long);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
        await isServed.Task.WaitAsync(Long);

        Assert.Empty(cancelled);
    }

    [Fact]
    public async Task Create_UnknownWordInTheHeader_IsRefused()
    {
        using var request = Post("responses", """{"input": "hi"}""");
        request.Headers.Add("X-On-Disconnect", "stop");

        using var answer = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static async Task HangAsync(TaskCompletionSource isHanging, CancellationToken cancellationToken)
    {
        isHanging.TrySetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private static void SetIf(bool condition, TaskCompletionSource source)
    {
        if (condition) source.TrySetResult();
    }

    private static HttpRequestMessage Post(string path, string json) =>
        new(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    private static string? ErrorOf(JsonElement answer, string name) => answer.GetProperty("error").GetProperty(name).GetString();

    private async Task<(HttpStatusCode Status, JsonElement Answer)> PostAsync(string path, string json)
    {
        using var request = Post(path, json);
        using var answer = await host.Client.SendAsync(request);
        return (answer.StatusCode, JsonElement.Parse(await answer.Content.ReadAsByteArrayAsync()));
    }
}
