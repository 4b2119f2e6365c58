using System.Text.Json;
using Conversations.Grains.Tools;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.Time.Testing;

namespace Conversations.Unit.Tests.Grains.Tools;

public sealed class ToolRunTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task RunAsync_AnswerWithinTheTimeout_IsTheResult()
    {
        var run = RunAsync();
        await _begun.Task;
        _time.Advance(TimeSpan.FromSeconds(5) - TimeSpan.FromMilliseconds(1));
        _answer.SetResult("in time");
        Assert.Equal("in time", await run);
    }

    [Fact]
    public async Task RunAsync_NoAnswerWithinTheTimeout_SaysThatTheOutcomeIsUnknown()
    {
        var run = RunAsync();
        await _begun.Task;
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal("Error: it took longer than 5 seconds; its outcome is unknown.", await run);
    }

    [Theory]
    [InlineData(10, "xxxxxxxxxx")]
    [InlineData(11, "xxxxxxxxxx … (cut: 11 characters, 10 kept)")]
    public async Task RunAsync_ResultAtAndPastItsBound_IsKeptAndCut(int length, string result)
    {
        _answer.SetResult(new string('x', length));
        Assert.Equal(result, await RunAsync());
    }

    [Fact]
    public async Task RunAsync_ErrorPastTheBound_IsCut()
    {
        _answer.SetException(new ToolException(new string('x', 20)));
        Assert.Equal("Error: xxx … (cut: 27 characters, 10 kept)", await RunAsync());
    }

    [Fact]
    public async Task RunAsync_SchemaThatCannotBeRead_TellsTheModelAndCallsNothing()
    {
        _answer.SetResult("called");
        var result = await RunAsync("""{"type":"object","properties":{"a":{"$ref":"#/nowhere"}}}""");
        Assert.StartsWith("Error: the arguments cannot be checked", result, StringComparison.Ordinal);
        Assert.False(_begun.Task.IsCompleted);
    }

    private Task<string> RunAsync(string schema = """{"type":"object"}""")
    {
        var tool = new Tool
        {
            Name = "it",
            Description = "",
            Schema = JsonElement.Parse(schema),
            Timeout = TimeSpan.FromSeconds(5),
            InvokeAsync = (_, _) =>
            {
                _begun.SetResult();
                return _answer.Task;
            },
        };
        return ToolRun.RunAsync(
            tool, SessionKey.Parse("acme/1"), TurnId.New(TimeProvider.System), new FunctionCall("c", "it", """{"a":1}"""), 10, _time, CancellationToken.None);
    }
}
