namespace Conversations.Suite.Servers;

/// <summary>Directories of one round.</summary>
internal static class BenchDirectory
{
    /// <summary>A new one.</summary>
    public static string Make()
    {
        var directory = Directory.CreateTempSubdirectory("conversations-bench-");
        // PostgreSQL runs as another user when this runs as root.
        directory.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return directory.FullName;
    }
}
