using System.Globalization;
using Conversations.Launcher.Processes;

namespace Conversations.Launcher.Postgres;

/// <summary>Where PostgreSQL's programs are. Debian keeps the server's off the PATH, one directory per major version.</summary>
/// <param name="Directory">The directory of <c>initdb</c> and <c>postgres</c>.</param>
internal sealed record PostgresBinaries(string Directory)
{
    private const string DebianRoot = "/usr/lib/postgresql";

    public string Initdb => Path.Combine(Directory, "initdb");

    public string Postgres => Path.Combine(Directory, "postgres");

    private bool AreComplete => File.Exists(Initdb) && File.Exists(Postgres);

    /// <summary>The newest installed; of <paramref name="major"/> if data of that version is there already.</summary>
    /// <exception cref="LauncherException">There are none, or not of that version.</exception>
    public static async Task<PostgresBinaries> FindAsync(string? major, CancellationToken cancellationToken)
    {
        var candidates = InOrder(System.IO.Directory.Exists(DebianRoot) ? System.IO.Directory.GetDirectories(DebianRoot) : [], major)
            .Select(directory => new PostgresBinaries(Path.Combine(directory, "bin")))
            .ToList();
        if (candidates.Find(c => c.AreComplete) is { } found)
            return found;
        if (await FromPgConfigAsync(major, cancellationToken) is { } other)
            return other;
        throw new LauncherException(major is null
            ? "PostgreSQL is not installed: run 'apt-get install postgresql' as root, or name a server with --postgres."
            : $"The data was made by PostgreSQL {major}, which is not installed any more: install postgresql-{major}, or choose another directory with --data.");
    }

    /// <summary>Directories that are named for a major version, newest first, or the one of <paramref name="major"/>.</summary>
    internal static IEnumerable<string> InOrder(IEnumerable<string> directories, string? major) =>
        from directory in directories
        let name = Path.GetFileName(directory)
        let version = int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1
        where version > 0 && (major is null || name == major)
        orderby version descending
        select directory;

    private static async Task<PostgresBinaries?> FromPgConfigAsync(string? major, CancellationToken cancellationToken)
    {
        try
        {
            var directory = await Tool.RunAsync(["pg_config", "--bindir"], cancellationToken);
            var version = await Tool.RunAsync(["pg_config", "--version"], cancellationToken);
            var binaries = new PostgresBinaries(directory.Output.Trim());
            var fits = major is null || version.Output.StartsWith($"PostgreSQL {major}.", StringComparison.Ordinal);
            return directory.Succeeded && fits && binaries.AreComplete ? binaries : null;
        }
        catch (LauncherException)
        {
            return null;
        }
    }
}
