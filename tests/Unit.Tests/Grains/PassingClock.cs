using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace Conversations.Unit.Tests.Grains;

/// <summary>A clock that passes every wait as soon as it begins, but for those that are deadlines.</summary>
internal sealed class PassingClock : FakeTimeProvider
{
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();
    private readonly DateTimeOffset _start;

    public PassingClock() => _start = GetUtcNow();

    /// <summary>What a wait must be longer than to be a deadline.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(599);

    public TimeSpan Passed => GetUtcNow() - _start;

    /// <summary>The waits that were begun and passed.</summary>
    public List<TimeSpan> Waits { get; } = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime <= Longest) _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Lets time pass until the work has ended.</summary>
    public async Task<T> PassAsync<T>(Task<T> work)
    {
        while (!work.IsCompleted)
        {
            var wait = _waits.Reader.WaitToReadAsync().AsTask();
            if (await Task.WhenAny(work, wait) != wait || !_waits.Reader.TryRead(out var due)) continue;
            Waits.Add(due);
            Advance(due);
        }

        return await work;
    }
}
