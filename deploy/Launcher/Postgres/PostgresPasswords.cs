using System.Security.Cryptography;
using System.Text.Json;

namespace Conversations.Launcher.Postgres;

/// <summary>The passwords of a private PostgreSQL: made once, kept beside its data, readable by us alone.</summary>
/// <param name="Superuser">Of <c>postgres</c>, which only the launcher uses.</param>
/// <param name="Owner">Of the owner of the database, which migrates it.</param>
/// <param name="App">Of the role that the hosts use.</param>
internal sealed record PostgresPasswords(string Superuser, string Owner, string App)
{
    /// <summary>Those kept in <paramref name="directory"/>; new ones if there are none.</summary>
    public static async Task<PostgresPasswords> EnsureAsync(string directory, CancellationToken cancellationToken)
    {
        var file = Path.Combine(directory, "passwords.json");
        if (File.Exists(file))
        {
            return JsonSerializer.Deserialize<PostgresPasswords>(await File.ReadAllTextAsync(file, cancellationToken))
                ?? throw new LauncherException($"{file} is empty: remove {directory} to begin anew.");
        }

        var passwords = new PostgresPasswords(New(), New(), New());
        var unfinished = file + ".new";
        File.Delete(unfinished);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using (var stream = new FileStream(unfinished, options))
        {
            await JsonSerializer.SerializeAsync(stream, passwords, cancellationToken: cancellationToken);
            stream.Flush(flushToDisk: true);
        }

        File.Move(unfinished, file);
        return passwords;
    }

    // Hexadecimal digits need no quoting, in SQL or in a connection string.
    private static string New() => RandomNumberGenerator.GetHexString(32, lowercase: true);
}
