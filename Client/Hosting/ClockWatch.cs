namespace Conversations.Client.Hosting;

/// <summary>
/// Ends the process when its wall clock is set back. Orleans times its membership by the wall clock, so a process that goes on would
/// look at the cluster, and tell that it lives, only when the old time has come again; started anew, it is well at once. Clocks that
/// are set forward, or slewed, do no harm.
/// </summary>
internal sealed partial class ClockWatch(TimeProvider time, IHostApplicationLifetime lifetime, ILogger<ClockWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    // What a time service may step by without anybody noticing.
    private static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        var (wall, ticks) = (time.GetUtcNow(), time.GetTimestamp());
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            var (now, nowTicks) = (time.GetUtcNow(), time.GetTimestamp());
            var back = wall + time.GetElapsedTime(ticks, nowTicks) - now;
            if (back > Tolerance)
            {
                LogSetBack(back);
                Environment.ExitCode = 1;
                lifetime.StopApplication();
                return;
            }

            (wall, ticks) = (now, nowTicks);
        }
    }
}
