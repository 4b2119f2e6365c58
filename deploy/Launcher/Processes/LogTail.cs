namespace Conversations.Launcher.Processes;

/// <summary>The end of a log file: what a process said before it died.</summary>
internal static class LogTail
{
    private const int Lines = 20;

    // Enough for the lines shown, however long the log has grown.
    private const int Bytes = 32 * 1024;

    /// <summary>The last lines written at or after <paramref name="from"/> (a length in bytes); empty if there are none.</summary>
    public static string Read(string file, long from = 0)
    {
        if (!File.Exists(file))
            return "";
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Position = Math.Max(Math.Min(from, stream.Length), stream.Length - Bytes);
        using var reader = new StreamReader(stream);
        var lines = reader.ReadToEnd().TrimEnd().Split('\n');
        return string.Join('\n', lines.TakeLast(Lines));
    }

    /// <summary>How long the file is now.</summary>
    public static long Length(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;
}
