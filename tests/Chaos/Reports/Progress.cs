using System.Diagnostics;
using System.Globalization;

namespace Conversations.Chaos.Reports;

/// <summary>The line that says how far it is; at a terminal it stays one line, and lives.</summary>
internal static class Progress
{
    private static readonly long Began = Stopwatch.GetTimestamp();
    private static readonly Lock Gate = new();
    private static string _last = "";
    private static Timer? _ticking;

    /// <summary>What stands before it: how much was done so far.</summary>
    public static string Sum { private get; set; } = "";

    public static void Say(string text)
    {
        lock (Gate)
        {
            if (text == _last) return;
            _last = text;
            Write();
            if (!Console.IsErrorRedirected) _ticking ??= new Timer(_ => Tick(), null, 1_000, 1_000);
        }
    }

    /// <summary>A line that stays.</summary>
    public static void Note(string text)
    {
        lock (Gate) Console.Error.WriteLine(Console.IsErrorRedirected ? text : $"\r\e[K{text}");
    }

    private static void Tick()
    {
        lock (Gate) Write();
    }

    private static void Write()
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(Began):hh\\:mm\\:ss}{Sum} {_last}");
        Console.Error.Write(Console.IsErrorRedirected ? $"{line}\n" : $"\r\e[K{line}");
    }
}
