namespace Conversations.Chaos.Reports;

/// <summary>The line that says how far it is; at a terminal it stays one line.</summary>
internal static class Progress
{
    private static string _last = "";

    public static void Say(string text)
    {
        if (text == _last) return;
        _last = text;
        Console.Error.Write(Console.IsErrorRedirected ? $"{text}\n" : $"\r\e[K{text}");
    }

    /// <summary>A line that stays.</summary>
    public static void Note(string text) => Console.Error.WriteLine(Console.IsErrorRedirected ? text : $"\r\e[K{text}");
}
