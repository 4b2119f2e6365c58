namespace Conversations.EndToEnd.Tests;

/// <summary>Directories for tests.</summary>
internal static class TestDirectory
{
    /// <summary>An empty one that PostgreSQL's own user may enter, too.</summary>
    public static string Create()
    {
        var directory = Directory.CreateTempSubdirectory("conversations-test-");
        directory.UnixFileMode |= UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;
        return directory.FullName;
    }
}
