namespace Conversations.Kills;

/// <summary>The line that says how far it is; at a terminal it stays one line.</summary>
internal static class Progress
{
    public static void Say(string text) => Console.Error.Write(Console.IsErrorRedirected ? $"{text}\n" : $"\r\e[K{text}");

    public static void End()
    {
        if (!Console.IsErrorRedirected) Console.Error.WriteLine();
    }
}
