using System.Globalization;

namespace Conversations.Load.Gauges;

/// <summary>Memory of a process that is in the machine's memory.</summary>
internal static class ProcessMemory
{
    /// <summary>In bytes.</summary>
    public static long Of(int pid)
    {
        var line = File.ReadLines($"/proc/{pid}/status").First(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return 1_024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2].Split('\t')[^1], CultureInfo.InvariantCulture);
    }
}
