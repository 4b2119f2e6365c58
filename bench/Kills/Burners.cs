using System.Diagnostics;

namespace Conversations.Kills;

/// <summary>Processes that do nothing but take processor time. They die with this one, however it ends.</summary>
internal sealed class Burners : IDisposable
{
    private readonly List<Process> _processes;

    public Burners(int count) => _processes =
        [.. Enumerable.Range(0, count).Select(_ => Process.Start("setpriv", ["--pdeathsig", "KILL", "sh", "-c", "while :; do :; done"]))];

    public int Count => _processes.Count;

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }
    }
}
