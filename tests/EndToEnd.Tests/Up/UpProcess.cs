using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Conversations.Launcher.Clusters;
using Conversations.Launcher.Hosts;
using Conversations.Launcher.Processes;

namespace Conversations.EndToEnd.Tests.Up;

/// <summary><c>deploy/up</c> as a person runs it: the script, as a process.</summary>
internal sealed partial class UpProcess : IAsyncDisposable
{
    // Building is part of the command.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly string _data;

    private UpProcess(Process process, string data)
    {
        _process = process;
        _data = data;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it said on standard error; it ends with the process.</summary>
    public Task<string> Error => _error;

    /// <summary>What runs, by <c>cluster.json</c>.</summary>
    public ClusterFile Cluster => ClusterFile.Read(Path.Combine(_data, "cluster.json"));

    /// <summary>Starts it.</summary>
    public static async Task<UpProcess> StartAsync(string data, params string[] arguments)
    {
        var script = Path.Combine(HostBinaries.OfThisBuild().Root, "deploy", "up");
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "TERM", script, "--data", data, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new UpProcess(await ForkThread.StartAsync(start), data);
    }

    /// <summary>Waits until it says that it serves: the command that it invites to paste.</summary>
    public async Task<string> ReadyAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        while (await _process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
        {
            if (Invitation().Match(line) is { Success: true } match) return match.Groups[1].Value;
        }

        throw new InvalidOperationException($"It ended: {await _error}");
    }

    /// <summary>Waits until it ends by itself: its exit code.</summary>
    public async Task<int> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        await _process.StandardOutput.ReadToEndAsync(patience.Token);
        await _process.WaitForExitAsync(patience.Token);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, as a service manager sends it.</summary>
    public Task<int> TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        return EndAsync();
    }

    /// <summary>All processes that it started, and those that they started.</summary>
    public IReadOnlyList<int> Descendants()
    {
        var parents = Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => int.TryParse(name, out _))
            .Select(name => (Pid: int.Parse(name!, CultureInfo.InvariantCulture), Parent: ParentOf(name!))).ToLookup(p => p.Parent, p => p.Pid);
        return [.. Below(_process.Id)];

        IEnumerable<int> Below(int pid) => parents[pid].SelectMany(child => Below(child).Prepend(child));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) await TerminateAsync();
        _process.Dispose();
    }

    private static int ParentOf(string pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile.
            return -1;
        }
    }

    [GeneratedRegex("^Ready: .*  try: (curl .*)$")]
    private static partial Regex Invitation();
}
