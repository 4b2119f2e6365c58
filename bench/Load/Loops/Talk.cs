using System.Diagnostics;
using System.Globalization;

namespace Conversations.Load.Loops;

/// <summary>
/// Sessions that have turns one after the other until they are told to stop. With a rate a turn that starts late, because the one before it
/// took long, counts from when it was meant to start: so a server that stops for a second is seen to have kept everybody waiting.
/// </summary>
internal sealed class Talk
{
    private readonly ITurns _turns;
    private readonly Plan _plan;
    private readonly Schedule _schedule;
    private readonly CancellationTokenSource _stop;
    private readonly List<Answered>[] _answered;
    private readonly Task _all;
    private readonly CancellationToken _giveUp;

    public Talk(ITurns turns, Plan plan, CancellationToken stop)
    {
        (_turns, _plan, _giveUp) = (turns, plan, stop);
        _schedule = new Schedule(Stopwatch.GetTimestamp(), plan.Sessions, plan.Rate);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stop);
        _answered = [.. Enumerable.Range(0, plan.Sessions).Select(_ => new List<Answered>(4_096))];
        _all = Task.WhenAll(Enumerable.Range(0, plan.Sessions).Select(RunAsync));
    }

    /// <summary>Ends when this long has passed, or a turn has failed.</summary>
    public async Task RunForAsync(TimeSpan length) => await await Task.WhenAny(_all, Task.Delay(length, _giveUp));

    /// <summary>Has no more turns begin, waits for those under way, and returns all of them.</summary>
    public async Task<IEnumerable<Answered>> EndAsync()
    {
        await _stop.CancelAsync();
        await _all;
        _stop.Dispose();
        return _answered.SelectMany(session => session);
    }

    private async Task RunAsync(int session)
    {
        await Task.Yield();
        try
        {
            await TalkAsync(session);
        }
        catch
        {
            // What is left of the others' turns measures nothing any more.
            await _stop.CancelAsync();
            throw;
        }
    }

    private async Task TalkAsync(int session)
    {
        var rest = new string('q', Math.Max(0, _plan.Message - 10));
        for (var number = 0L; !_stop.IsCancellationRequested; number++)
        {
            var start = _schedule.Start(session, number) ?? Stopwatch.GetTimestamp();
            if (await DidWaitAsync(start)) continue;
            await _turns.SayAsync(session, string.Create(CultureInfo.InvariantCulture, $"{number:D10}{rest}"), CancellationToken.None);
            var now = Stopwatch.GetTimestamp();
            _answered[session].Add(new Answered(now, now - start));
        }
    }

    // True if the wait was cut off by the end.
    private async Task<bool> DidWaitAsync(long start)
    {
        if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), start) is { Ticks: > 0 } wait)
        {
            await Task.Delay(wait, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return _stop.IsCancellationRequested;
    }
}
