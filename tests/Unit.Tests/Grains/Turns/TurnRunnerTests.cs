using System.Net;
using Conversations.Grains.Agents;
using Conversations.Grains.Sessions;
using Conversations.Grains.Tools;
using Conversations.History;
using Conversations.Turns;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Unit.Tests.Grains.Turns;

public sealed class TurnRunnerTests
{
    private readonly PassingClock _clock = new();

    [Fact]
    public async Task RunAsync_ModelIsSilent_IsTriedAndEndsAfterItsWaits()
    {
        var chat = new FakeChat(_ => [null]);
        var run = new RunOfATurn(AgentOf(chat, new AgentOptions { FirstTokenSeconds = 20 }), _clock);

        var outcome = await _clock.PassAsync(run.RunAsync());

        Assert.Equal(3, chat.Calls.Count);
        Assert.Equal((TurnStatus.Failed, "model_timeout"), (outcome.Status, outcome.Error?.Code));
        Assert.Equal(3, _clock.Waits.Count(w => w == TimeSpan.FromSeconds(20)));
        Assert.InRange(_clock.Passed.TotalSeconds, 60, 80);
    }

    [Fact]
    public async Task RunAsync_ModelIsSilentForLongerThanTheTurnMayRun_EndsAtTheDeadline()
    {
        var clock = new PassingClock { Longest = TimeSpan.FromSeconds(60) };
        var chat = new FakeChat(_ => [null]);
        var run = new RunOfATurn(AgentOf(chat, new AgentOptions { Tries = 20 }, clock), clock, new SessionOptions { TurnDeadlineSeconds = 100 });

        var outcome = await clock.PassAsync(run.RunAsync());

        Assert.Equal(2, chat.Calls.Count);
        Assert.Equal((TurnStatus.Failed, "turn_timeout"), (outcome.Status, outcome.Error?.Code));
    }

    // It is never silent for long, and listens to nobody.
    [Fact]
    public async Task RunAsync_ModelNeverStops_EndsAtTheDeadlineWithWhatItSaid()
    {
        IEnumerable<string?> Endless()
        {
            while (true)
            {
                _clock.Advance(TimeSpan.FromSeconds(30));
                yield return "more ";
            }
        }

        var run = new RunOfATurn(AgentOf(new FakeChat(_ => Endless())), _clock);

        var outcome = await _clock.PassAsync(run.RunAsync());

        Assert.Equal((TurnStatus.Failed, "turn_timeout"), (outcome.Status, outcome.Error?.Code));
        Assert.InRange(_clock.Passed.TotalSeconds, 600, 630);
        Assert.StartsWith("more more ", run.Shown, StringComparison.Ordinal);
        Assert.Equal(run.Shown, Assert.IsType<OutputText>(Assert.IsType<Message>(outcome.Last!.Body).Content[0]).Text);
    }

    [Fact]
    public async Task RunAsync_ModelStopsInTheMiddle_IsNotCalledAgain()
    {
        var chat = new FakeChat(_ => ["Once", null]);
        var run = new RunOfATurn(AgentOf(chat, new AgentOptions { FirstTokenSeconds = 7, IdleSeconds = 9 }), _clock);

        var outcome = await _clock.PassAsync(run.RunAsync());

        Assert.Single(chat.Calls);
        Assert.Equal("model_timeout", outcome.Error?.Code);
        Assert.Equal(("Once", TimeSpan.FromSeconds(9)), (run.Shown, _clock.Passed));
    }

    [Fact]
    public async Task RunAsync_ModelFailsTwice_IsCalledAgainAfterRisingPauses()
    {
        var chat = new FakeChat(call => call < 2 ? throw new HttpOperationException(HttpStatusCode.BadGateway, "", "", null) : ["Hi"]);
        var run = new RunOfATurn(AgentOf(chat), _clock);

        var outcome = await _clock.PassAsync(run.RunAsync());

        Assert.Equal((TurnStatus.Completed, "Hi", 3), (outcome.Status, run.Shown, chat.Calls.Count));
        Assert.Equal(2, _clock.Waits.Count);
        Assert.All(_clock.Waits, wait => Assert.InRange(wait.TotalSeconds, 0, 10));
    }

    [Fact]
    public async Task RunAsync_FaultOfOurs_IsNotRepeated()
    {
        var chat = new FakeChat(_ => throw new InvalidOperationException("a bug"));

        var outcome = await _clock.PassAsync(new RunOfATurn(AgentOf(chat), _clock).RunAsync());

        Assert.Equal((TurnStatus.Failed, 1), (outcome.Status, chat.Calls.Count));
    }

    [Fact]
    public async Task RunAsync_StoppedBetweenTwoTries_EndsAtOnce()
    {
        var run = default(RunOfATurn)!;
        var chat = new FakeChat(_ =>
        {
            run.Live.Stop();
            throw new IOException();
        });
        run = new RunOfATurn(AgentOf(chat), _clock);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(run.RunAsync);
        Assert.Single(chat.Calls);
    }

    private Agent AgentOf(IChatCompletionService chat, AgentOptions? options = null, TimeProvider? time = null)
    {
        options ??= new AgentOptions();
        return new Agent("helper", options, chat, ToolGrant.None) { Retry = ModelRetry.Build("helper", options.Tries, time ?? _clock, NullLogger.Instance) };
    }
}
