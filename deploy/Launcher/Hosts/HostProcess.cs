using System.Net;
using Conversations.Launcher.Processes;

namespace Conversations.Launcher.Hosts;

/// <summary>
/// One host of the cluster: a name, its ports, and the process that runs under them, if one does. It can be ended in every way and
/// started again, under the same name and on the same ports. Its process ends when this process ends, also by kill -9. Not thread-safe,
/// but different hosts are independent.
/// </summary>
public abstract class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);

    // Asked straight, whatever proxy the environment names.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(5) };

    private readonly HostOptions _options;
    private ChildProcess? _process;
    private long _logged;
    private volatile bool _wasReady;
    private volatile bool _endIsWanted;

    private protected HostProcess(HostOptions options)
    {
        _options = options;
        LogFile = Path.Combine(options.LogDirectory, $"{options.Name}.log");
    }

    /// <summary>
    /// Raised, on another thread, with the exit code, when a process that was ready ends without this object having been asked to end it.
    /// (One that ends earlier makes <see cref="WaitReadyAsync"/> fail.)
    /// </summary>
    public event Action<HostProcess, int>? Died;

    /// <summary>Raised when a process has become ready or has ended, wanted or not.</summary>
    internal event Action? Changed;

    /// <summary>Its name in the cluster: <c>silo-1</c>, <c>gateway-1</c>.</summary>
    public string Name => _options.Name;

    /// <summary>What it logs to.</summary>
    public string LogFile { get; }

    /// <summary>The process; null while none runs.</summary>
    public int? Pid => IsRunning ? _process!.Pid : null;

    /// <summary>Whether a process runs (also when paused).</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>The endpoint that <see cref="WaitReadyAsync"/> asks.</summary>
    private protected abstract Uri HealthEndpoint { get; }

    /// <summary>Starts a process, unless one runs, and returns at once.</summary>
    /// <param name="variables">Further environment variables, for this process alone; a null value removes one.</param>
    public async Task StartAsync(IReadOnlyDictionary<string, string?>? variables = null)
    {
        if (IsRunning)
            return;
        Directory.CreateDirectory(_options.LogDirectory);
        _logged = LogTail.Length(LogFile);
        (_wasReady, _endIsWanted) = (false, false);
        var all = new Dictionary<string, string?>(_options.Variables);
        foreach (var (name, value) in variables ?? new Dictionary<string, string?>())
            all[name] = value;
        // The host's directory: it reads its appsettings from where it runs.
        _process = await ChildProcess.StartAsync(
            new ChildProcessStart([.. _options.Prefix, DotnetHost.Path, _options.Assembly], Path.GetDirectoryName(_options.Assembly)!, LogFile) { Variables = all });
        _ = WatchAsync(_process);
    }

    /// <summary>Returns when the host says that it is ready to serve.</summary>
    /// <exception cref="LauncherException">It ended, or took too long; the message ends with what it logged.</exception>
    public async Task WaitReadyAsync(CancellationToken cancellationToken = default)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.StartTimeout);
        try
        {
            while (_process is { } process)
            {
                if (process.HasExited)
                    throw new LauncherException($"{Name} ended ({ExitCodes.Explain(await process.Exited)}) before it was ready; its log {LogFile} ends:\n{LogTail.Read(LogFile, _logged)}");
                if (!_wasReady && await IsReadyAsync(deadline.Token))
                {
                    // Either it is seen here that it has just died, or the watch sees that it was ready.
                    _wasReady = true;
                    continue;
                }

                if (_wasReady)
                {
                    Changed?.Invoke();
                    return;
                }

                await Task.WhenAny(process.Exited, Task.Delay(Poll, deadline.Token));
                deadline.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LauncherException($"{Name} was not ready after {_options.StartTimeout.TotalSeconds:0} s; its log {LogFile} ends:\n{LogTail.Read(LogFile, _logged)}");
        }

        throw new InvalidOperationException($"{Name} was never started.");
    }

    /// <summary>Whether the host says, now, that it is ready to serve.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            using var answer = await Http.GetAsync(new Uri(HealthEndpoint, "/health/ready"), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>kill -9, and waits until it is gone.</summary>
    public async Task KillAsync()
    {
        if (!IsRunning)
            return;
        _endIsWanted = true;
        _process!.Send(Signal.Kill);
        await _process.Exited;
    }

    /// <summary>SIGTERM; kill -9 if it takes longer than <paramref name="patience"/>.</summary>
    /// <param name="patience">Default: 30 seconds.</param>
    public async Task TerminateAsync(TimeSpan? patience = null)
    {
        if (!IsRunning)
            return;
        _endIsWanted = true;
        _process!.Send(Signal.Terminate);
        // A paused one takes the signal when it goes on.
        _process.Send(Signal.Continue);
        if (!await _process.ExitsWithinAsync(patience ?? TimeSpan.FromSeconds(30)))
            await KillAsync();
    }

    /// <summary>SIGSTOP: to all others it hangs, its connections stay open.</summary>
    public void Pause() => _process?.Send(Signal.Stop);

    /// <summary>SIGCONT: it goes on as if no time had passed.</summary>
    public void Resume() => _process?.Send(Signal.Continue);

    /// <summary>Terminates the process and lets go of the ports.</summary>
    public async ValueTask DisposeAsync()
    {
        await TerminateAsync();
        _process?.Dispose();
        ReleasePorts();
        GC.SuppressFinalize(this);
    }

    private protected abstract void ReleasePorts();

    private async Task WatchAsync(ChildProcess process)
    {
        var exitCode = await process.Exited;
        Changed?.Invoke();
        if (_wasReady && !_endIsWanted)
            Died?.Invoke(this, exitCode);
    }
}
