using System.Globalization;
using Conversations.Launcher.Processes;

namespace Conversations.Launcher.Postgres;

/// <summary>
/// The operating system's view of one PostgreSQL: a postmaster and its children, which can outlive it (a stopped one never notices its
/// death). All of them, and nothing else, have the data directory as their working directory.
/// </summary>
internal sealed class PostgresProcesses(PostgresPlace place)
{
    /// <summary>In the environment of each postmaster that a launcher started.</summary>
    public const string Mark = "CONVERSATIONS_LAUNCHER";

    // Run as the account that owns the processes: root in a container may not look at another user's.
    private const string ListScript =
        """for p in /proc/[0-9]*; do [ "$(readlink "$p/cwd" 2>/dev/null)" = "$0" ] && [ "$(cat "$p/comm" 2>/dev/null)" = postgres ] && echo "${p#/proc/}"; done; true""";

    private const string IsMarkedScript = """tr '\0' '\n' <"/proc/$0/environ" | grep -q '^CONVERSATIONS_LAUNCHER='""";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private string PidFile => Path.Combine(place.Data, "postmaster.pid");

    /// <summary>All that run on the data now.</summary>
    public async Task<IReadOnlyList<int>> ListAsync(CancellationToken cancellationToken)
    {
        var list = await Tool.RunAsync(["sh", "-c", ListScript, place.Data], cancellationToken, place.Account);
        return [.. list.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
    }

    /// <summary>Ends what a launcher that was killed has left behind, and removes its pid file. The caller holds the lock on the data.</summary>
    /// <exception cref="LauncherException">A PostgreSQL that no launcher started runs on the data.</exception>
    public async Task EndLeftoversAsync(CancellationToken cancellationToken)
    {
        var left = await ListAsync(cancellationToken);
        var postmaster = left.FirstOrDefault(pid => pid == RecordedPid());
        if (postmaster != 0 && !(await Tool.RunAsync(["sh", "-c", IsMarkedScript, $"{postmaster}"], cancellationToken, place.Account)).Succeeded)
            throw new LauncherException($"A PostgreSQL that this command did not start (process {postmaster}) runs on {place.Data}: stop it first.");
        while (left.Count > 0)
        {
            foreach (var pid in left)
                Signal.Kill.SendTo(pid);
            await Task.Delay(Pause, cancellationToken);
            left = await ListAsync(cancellationToken);
        }

        // Nothing runs on the data, so the number in there is at best that of a stranger, for whom PostgreSQL would refuse to start.
        File.Delete(PidFile);
    }

    /// <summary>Stops the postmaster, then its children, until there is no new one; or lets them all go on.</summary>
    public static void Send(int postmaster, Signal signal)
    {
        if (signal is Signal.Stop or Signal.Kill)
        {
            // First nobody may fork; then one look at the children shows them all.
            Signal.Stop.SendTo(postmaster);
            var children = Children(postmaster);
            signal.SendTo(postmaster);
            foreach (var child in children)
                signal.SendTo(child);
            return;
        }

        foreach (var child in Children(postmaster))
            signal.SendTo(child);
        signal.SendTo(postmaster);
    }

    private static IEnumerable<int> Children(int pid)
    {
        try
        {
            return [.. File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Number)];
        }
        catch (IOException)
        {
            return [];
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private int? RecordedPid() =>
        File.Exists(PidFile) && File.ReadLines(PidFile).FirstOrDefault() is { } line && int.TryParse(line, CultureInfo.InvariantCulture, out var pid)
            ? pid
            : null;
}
