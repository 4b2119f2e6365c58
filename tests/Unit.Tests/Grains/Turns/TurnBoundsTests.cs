using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Conversations.Grains.Agents;
using Conversations.Grains.Sessions;
using Conversations.Grains.Tools;
using Conversations.Grains.Turns;
using Conversations.Turns;
using Microsoft.Extensions.Time.Testing;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Unit.Tests.Grains.Turns;

/// <summary>The bounds of a running turn, at them and just past them.</summary>
public sealed class TurnBoundsTests : IDisposable
{
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(1);

    private readonly Clock _time = new();
    private readonly Model _model = new();
    public void Dispose() => _time.Dispose();

    [Fact]
    public async Task RunAsync_ModelSilentUntilJustBeforeTheBound_Completes()
    {
        var run = RunAsync(new SessionOptions { ModelIdleSeconds = 10 });
        await BegunAsync();
        _time.Advance(TimeSpan.FromSeconds(10) - Moment);
        await SayAsync("one");
        _time.Advance(TimeSpan.FromSeconds(10) - Moment);
        await SayAsync(" two");
        _model.End();
        Assert.Equal(TurnStatus.Completed, (await run).Status);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task RunAsync_ModelSilentForTheBound_Fails(bool afterWords)
    {
        var run = RunAsync(new SessionOptions { ModelIdleSeconds = 10 });
        await BegunAsync();
        if (afterWords) await SayAsync("one");
        _time.Advance(TimeSpan.FromSeconds(10));
        var outcome = await run;
        Assert.Equal((TurnStatus.Failed, "model_timeout"), (outcome.Status, outcome.Error?.Code));
        Assert.Equal(afterWords, outcome.Last is not null);
        await _model.Abandoned;
    }

    [Fact]
    public async Task RunAsync_TurnUntilJustBeforeItsDeadline_Completes()
    {
        var run = RunAsync(new SessionOptions { TurnDeadlineSeconds = 15, ModelIdleSeconds = 10 });
        await BegunAsync();
        _time.Advance(TimeSpan.FromSeconds(9));
        await SayAsync("one");
        _time.Advance(TimeSpan.FromSeconds(6) - Moment);
        await SayAsync(" two");
        _model.End();
        Assert.Equal(TurnStatus.Completed, (await run).Status);
    }

    [Fact]
    public async Task RunAsync_TurnPastItsDeadline_FailsAndKeepsWhatThereIs()
    {
        var run = RunAsync(new SessionOptions { TurnDeadlineSeconds = 15, ModelIdleSeconds = 10 });
        await BegunAsync();
        _time.Advance(TimeSpan.FromSeconds(9));
        await SayAsync("one");
        _time.Advance(TimeSpan.FromSeconds(6));
        var outcome = await run;
        Assert.Equal((TurnStatus.Failed, "turn_timeout"), (outcome.Status, outcome.Error?.Code));
        Assert.NotNull(outcome.Last);
        await _model.Abandoned;
    }

    [Theory]
    [InlineData(10, TurnStatus.Completed)]
    [InlineData(11, TurnStatus.Incomplete)]
    public async Task RunAsync_OutputAtAndPastItsBound_CompletesAndEndsIncomplete(int length, TurnStatus status)
    {
        var run = RunAsync(new SessionOptions { OutputLength = 10 });
        await BegunAsync();
        _model.Say(new string('x', length));
        _model.End();
        var outcome = await run;
        Assert.Equal((status, status == TurnStatus.Completed ? null : "max_output_tokens"), (outcome.Status, outcome.Reason));
    }

    private Task<TurnOutcome> RunAsync(SessionOptions bounds) =>
        new RunOfATurn(new Agent("a", new AgentOptions(), _model, ToolGrant.None), _time, bounds).RunAsync();

    // The turn has its deadline, and the model is waited for.
    private async Task BegunAsync()
    {
        await _time.ArmedAsync();
        await _time.ArmedAsync();
    }

    // Returns when the runner waits for what comes next.
    private async Task SayAsync(string text)
    {
        _model.Say(text);
        await _time.ArmedAsync();
    }

    private sealed class Clock : FakeTimeProvider, IDisposable
    {
        private readonly SemaphoreSlim _armed = new(0);

        // Ends when another timer was made.
        public Task ArmedAsync() => _armed.WaitAsync();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            _armed.Release();
            return timer;
        }

        public void Dispose() => _armed.Dispose();
    }

    private sealed class Model : IChatCompletionService
    {
        private readonly Channel<string> _said = Channel.CreateUnbounded<string>();
        private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyDictionary<string, object?> Attributes { get; } = new Dictionary<string, object?>();

        public Task Abandoned => _abandoned.Task;

        public void Say(string text) => _said.Writer.TryWrite(text);

        public void End() => _said.Writer.Complete();

        public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
            ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default) =>
            throw new NotSupportedException();

        public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
            ChatHistory chatHistory,
            PromptExecutionSettings? executionSettings = null,
            Kernel? kernel = null,
            [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            try
            {
                while (await _said.Reader.WaitToReadAsync(cancellationToken))
                {
                    if (!_said.Reader.TryRead(out var text)) continue;
                    yield return new StreamingChatMessageContent(AuthorRole.Assistant, text);
                }

                yield return new StreamingChatMessageContent(AuthorRole.Assistant, null, metadata: new Dictionary<string, object?> { ["FinishReason"] = "Stop" });
            }
            finally
            {
                if (cancellationToken.IsCancellationRequested) _abandoned.SetResult();
            }
        }
    }
}
