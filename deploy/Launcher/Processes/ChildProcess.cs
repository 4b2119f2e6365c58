using System.ComponentModel;
using System.Diagnostics;

namespace Conversations.Launcher.Processes;

/// <summary>
/// A long-lived child with its own log. It is in a session of its own, so that Ctrl-C at the terminal reaches the launcher alone, which
/// then ends its children in order; and it dies when the launcher does.
/// </summary>
internal sealed class ChildProcess : IDisposable
{
    // Every stage replaces the one before (exec), so the child keeps one process id throughout.
    private const string AppendToLog = """exec "$@" >>"$0" 2>&1 </dev/null""";

    private readonly Process _process;

    private ChildProcess(Process process)
    {
        _process = process;
        Pid = process.Id;
        Exited = WaitAsync();
    }

    public int Pid { get; }

    /// <summary>Ends with the process: its exit code, or 128 + the signal that killed it.</summary>
    public Task<int> Exited { get; }

    public bool HasExited => Exited.IsCompleted;

    /// <exception cref="LauncherException">A program that this needs is missing.</exception>
    public static async Task<ChildProcess> StartAsync(ChildProcessStart child)
    {
        var death = new[] { "--pdeathsig", child.OnParentDeath.KernelName() };
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", AppendToLog, child.LogFile, "setsid", "setpriv", .. child.Account?.SetprivArguments ?? [], .. death, .. child.Command])
        {
            WorkingDirectory = child.WorkingDirectory,
            // Not the launcher's terminal; the shell above puts /dev/null and the log in the pipes' place.
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in child.Variables)
            start.Environment[name] = value;
        try
        {
            var process = await ForkThread.StartAsync(start);
            process.StandardInput.Dispose();
            process.StandardOutput.Dispose();
            process.StandardError.Dispose();
            return new ChildProcess(process);
        }
        catch (Win32Exception fault)
        {
            throw new LauncherException($"Cannot start {child.Command[0]}: {fault.Message}.", fault);
        }
    }

    /// <summary>Sends a signal; a process that is gone takes none, so a reused process id is never hit.</summary>
    public void Send(Signal signal)
    {
        if (!HasExited)
            signal.SendTo(Pid);
    }

    /// <summary>Waits for the end; false if it did not come in time.</summary>
    public async Task<bool> ExitsWithinAsync(TimeSpan time)
    {
        try
        {
            await Exited.WaitAsync(time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    public void Dispose() => _process.Dispose();

    private async Task<int> WaitAsync()
    {
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }
}
