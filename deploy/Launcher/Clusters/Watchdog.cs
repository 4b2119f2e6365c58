using System.Collections.Concurrent;
using Conversations.Launcher.Hosts;
using Conversations.Launcher.Postgres;

namespace Conversations.Launcher.Clusters;

/// <summary>Says so when a process dies that nobody ended through its object; brings it back if it was told to.</summary>
internal sealed class Watchdog(bool restart, TextWriter output) : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _ending = new();
    private readonly ConcurrentDictionary<Task, bool> _restarts = [];

    public void Watch(HostProcess host) => host.Died += (_, exitCode) => OnDied(host.Name, exitCode, host.LogFile, async cancellationToken =>
    {
        await host.StartAsync();
        await host.WaitReadyAsync(cancellationToken);
    });

    public void Watch(PostgresServer server) => server.Died += exitCode => OnDied("PostgreSQL", exitCode, server.LogFile, server.StartAsync);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_restarts.Keys);
        _ending.Dispose();
    }

    private void OnDied(string name, int exitCode, string log, Func<CancellationToken, Task> start)
    {
        if (_ending.IsCancellationRequested)
            return;
        output.WriteLine($"{name} died ({ExitCodes.Explain(exitCode)}); {(restart ? "starting it again" : "it stays dead (--restart brings dead ones back)")}. Its log: {log}");
        if (restart)
            _restarts.TryAdd(RestartAsync(name, start), true);
    }

    private async Task RestartAsync(string name, Func<CancellationToken, Task> start)
    {
        for (var pause = FirstPause; !_ending.IsCancellationRequested; pause = TimeSpan.FromTicks(Math.Min(2 * pause.Ticks, LongestPause.Ticks)))
        {
            try
            {
                await start(_ending.Token);
                output.WriteLine($"{name} is back.");
                return;
            }
            catch (LauncherException fault)
            {
                output.WriteLine(fault.Message);
                await Task.Delay(pause, _ending.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
