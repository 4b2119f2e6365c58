using System.Globalization;

namespace Conversations.Load.Gauges;

/// <summary>Processor time of a process and its children, as Linux counts it: in hundredths of a second.</summary>
internal static class ProcessorTime
{
    private const int TicksPerSecond = 100;

    /// <summary>Of a process, its children, and those of them that have ended.</summary>
    public static TimeSpan Of(int pid) => TimeSpan.FromSeconds((double)(Ticks(pid, withEnded: true) + Children(pid).Sum(child => Ticks(child, withEnded: false))) / TicksPerSecond);

    /// <summary>Reads a line of <c>/proc/PID/stat</c>.</summary>
    internal static long Ticks(string stat, bool withEnded)
    {
        // A program's name may hold anything, also spaces; what follows the last parenthesis has none.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        return fields.Skip(11).Take(withEnded ? 4 : 2).Sum(field => long.Parse(field, CultureInfo.InvariantCulture));
    }

    private static long Ticks(int pid, bool withEnded)
    {
        try
        {
            return Ticks(File.ReadAllText($"/proc/{pid}/stat"), withEnded);
        }
        catch (IOException)
        {
            // It has ended since: its parent has it.
            return 0;
        }
    }

    private static IEnumerable<int> Children(int pid)
    {
        try
        {
            return [.. Directory.EnumerateDirectories($"/proc/{pid}/task").SelectMany(thread => File.ReadAllText($"{thread}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries)).Select(child => int.Parse(child, CultureInfo.InvariantCulture))];
        }
        catch (IOException)
        {
            return [];
        }
    }
}
