using System.Diagnostics;
using Conversations.Load;
using Conversations.Load.Loops;

namespace Conversations.Unit.Tests.Bench;

public sealed class TalkTests
{
    [Fact]
    public void Start_WithARate_SharesItAmongTheSessions()
    {
        var schedule = new Schedule(1_000, sessions: 2, rate: 4);

        Assert.Equal(
            [1_000, 1_000 + Stopwatch.Frequency / 4, 1_000 + Stopwatch.Frequency / 2, 1_000 + 3 * Stopwatch.Frequency / 4],
            new[] { (0, 0), (1, 0), (0, 1), (1, 1) }.Select(turn => schedule.Start(turn.Item1, turn.Item2)!.Value));
        Assert.Null(new Schedule(1_000, sessions: 2, rate: null).Start(0, 5));
    }

    [Fact]
    public async Task Answers_OfAServerThatStops_CountFromWhenTheyWereMeantToBegin()
    {
        await using var turns = new StoppedTurns();
        var talk = new Talk(turns, Plan(rate: 1_000), default);
        await turns.Asked;
        // So long that many turns were meant to begin meanwhile.
        await Task.Delay(100);
        turns.Resume();
        await turns.Caught(20);

        var took = (await talk.EndAsync()).Select(turn => Stopwatch.GetElapsedTime(0, turn.Took).TotalMilliseconds).Take(20).ToList();

        // Those after the first were asked when it was answered, and are late all the same.
        Assert.All(took, late => Assert.True(late > 50, $"{late} ms"));
    }

    [Fact]
    public async Task RunFor_TurnThatFails_EndsAllWithItsFault()
    {
        await using var turns = new StoppedTurns(new TurnException("no"));
        var talk = new Talk(turns, Plan(rate: null), default);

        var fault = await Assert.ThrowsAsync<TurnException>(() => talk.RunForAsync(TimeSpan.FromMinutes(1)));

        Assert.Equal("no", fault.Message);
    }

    private static Plan Plan(double? rate) => new()
    {
        Sessions = 1,
        Warmup = TimeSpan.Zero,
        Round = TimeSpan.FromSeconds(1),
        Rounds = 1,
        Message = 10,
        Rate = rate,
    };

    /// <summary>A server that answers nobody until it is resumed, then everybody at once; or fails.</summary>
    private sealed class StoppedTurns(Exception? fault = null) : ITurns
    {
        private readonly TaskCompletionSource _asked = new();
        private readonly TaskCompletionSource _resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _caught = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _answered;
        private int _awaited = int.MaxValue;

        public Task Asked => _asked.Task;

        public void Resume() => _resumed.SetResult();

        public Task Caught(int turns)
        {
            _awaited = turns;
            if (_answered >= turns) _caught.TrySetResult();
            return _caught.Task;
        }

        public async Task SayAsync(int session, string text, CancellationToken stop)
        {
            if (fault is not null) throw fault;
            _asked.TrySetResult();
            await _resumed.Task;
            if (++_answered >= _awaited) _caught.TrySetResult();
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
