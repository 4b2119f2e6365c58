using Conversations.Client.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Conversations.Unit.Tests.Client.Hosting;

public sealed class ClockWatchTests : IDisposable
{
    private readonly int _exitCode = Environment.ExitCode;

    public void Dispose() => Environment.ExitCode = _exitCode;

    [Theory]
    [InlineData(-3_600, true)]
    [InlineData(-3, true)]
    [InlineData(-1, false)]
    [InlineData(3_600, false)]
    public async Task Watch_ClockJumps_EndsTheProcessOnlyIfItWasSetBack(int seconds, bool ends)
    {
        using var clock = new JumpingClock();
        var lifetime = new Lifetime();
        using var watch = new ClockWatch(clock, lifetime, NullLogger<ClockWatch>.Instance);
        await watch.StartAsync(CancellationToken.None);
        await clock.WasReadAsync();
        clock.Advance(TimeSpan.FromSeconds(1));
        await clock.WasReadAsync();
        clock.Off += TimeSpan.FromSeconds(seconds);
        clock.Advance(TimeSpan.FromSeconds(1));
        await clock.WasReadAsync();
        if (ends) await watch.ExecuteTask!;
        await watch.StopAsync(CancellationToken.None);

        Assert.Equal(ends, lifetime.WasStopped);
        Assert.Equal(ends ? 1 : _exitCode, Environment.ExitCode);
    }

    /// <summary>A clock whose wall time is off by what the test says, while its timers and timestamps go on evenly.</summary>
    private sealed class JumpingClock : TimeProvider, IDisposable
    {
        private readonly FakeTimeProvider _even = new();
        private readonly SemaphoreSlim _reads = new(0);

        public TimeSpan Off { get; set; }

        public override long TimestampFrequency => _even.TimestampFrequency;

        public void Advance(TimeSpan by) => _even.Advance(by);

        public Task WasReadAsync() => _reads.WaitAsync();

        public void Dispose() => _reads.Dispose();

        public override DateTimeOffset GetUtcNow() => _even.GetUtcNow() + Off;

        // The later of the two that a look reads: the test may not turn the clock between them.
        public override long GetTimestamp()
        {
            var now = _even.GetTimestamp();
            _reads.Release();
            return now;
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _even.CreateTimer(callback, state, dueTime, period);
    }

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public bool WasStopped { get; private set; }

        public CancellationToken ApplicationStarted => default;

        public CancellationToken ApplicationStopping => default;

        public CancellationToken ApplicationStopped => default;

        public void StopApplication() => WasStopped = true;
    }
}
