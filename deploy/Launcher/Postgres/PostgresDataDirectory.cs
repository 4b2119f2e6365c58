using Conversations.Launcher.Processes;

namespace Conversations.Launcher.Postgres;

/// <summary>Makes the data directory of a private PostgreSQL, all of it or nothing.</summary>
internal static class PostgresDataDirectory
{
    // The password goes through a pipe that the account itself made: it shows in no process list and lies in no file.
    private const string Script = """printf '%s\n' "$SUPERUSER_PASSWORD" | "$0" --pwfile=/dev/stdin "$@" """;

    /// <exception cref="LauncherException"><c>initdb</c> failed.</exception>
    public static async Task EnsureAsync(PostgresPlace place, PostgresBinaries binaries, PostgresPasswords passwords, CancellationToken cancellationToken)
    {
        if (Directory.Exists(place.Data))
            return;
        if (Directory.Exists(place.UnfinishedData))
            Directory.Delete(place.UnfinishedData, recursive: true);
        string[] command =
        [
            "sh", "-c", Script, binaries.Initdb, "--pgdata", place.UnfinishedData, "--username", "postgres", "--encoding", "UTF8", "--locale", "C",
            "--auth-host", "scram-sha-256", "--auth-local", "reject", "--data-checksums",
        ];
        var variables = new Dictionary<string, string?> { ["SUPERUSER_PASSWORD"] = passwords.Superuser };
        var initdb = await Tool.RunAsync(command, cancellationToken, place.Account, variables);
        if (!initdb.Succeeded)
            throw new LauncherException($"initdb failed: {initdb.Error.Trim()}");
        Directory.Move(place.UnfinishedData, place.Data);
    }
}
