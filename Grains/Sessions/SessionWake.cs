using Conversations.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Sessions;

/// <summary>Wakes a session whose activation went with unfinished turns, with growing patience, until it is up or the silo stops.</summary>
internal sealed partial class SessionWake(IGrainFactory grains, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<SessionWake> log)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>Returns at once.</summary>
    public void Soon(string key) => _ = WakeAsync(key);

    private async Task WakeAsync(string key)
    {
        var stopping = lifetime.ApplicationStopping;
        try
        {
            for (var wait = TimeSpan.FromMilliseconds(100); ; wait = wait < Longest ? wait * 2 : Longest)
            {
                await Task.Delay(wait, time, stopping);
                try
                {
                    await grains.GetGrain<ISessionGrain>(key).WakeAsync();
                    return;
                }
                catch (Exception e) when (e is not OperationCanceledException)
                {
                    LogNotWoken(key, e.GetType().Name);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops; the others look after its sessions.
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Session {Key} could not be woken yet ({Fault})")]
    private partial void LogNotWoken(string key, string fault);
}
