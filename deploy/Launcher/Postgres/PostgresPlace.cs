using System.Security.Cryptography;
using Conversations.Launcher.Processes;

namespace Conversations.Launcher.Postgres;

/// <summary>
/// Where a private PostgreSQL keeps its files, and who runs it. PostgreSQL refuses to run as root, and whoever runs it must own the data
/// and be able to enter every directory above it; a clone of root's usually lies under <c>/root</c>, which nobody else can enter. Then
/// the files go below <see cref="Elsewhere"/>, and a link stands in their place.
/// </summary>
/// <param name="Directory">The directory, without links.</param>
/// <param name="Account">Who runs it; null: ourselves.</param>
/// <param name="IsElsewhere">Whether a link stands where one would look for it.</param>
internal sealed record PostgresPlace(string Directory, Account? Account, bool IsElsewhere)
{
    private const string Name = "postgres";

    private const string Elsewhere = "/var/lib/conversations";

    private const UnixFileMode ForItsOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private const UnixFileMode ForAllToEnter =
        ForItsOwner | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute;

    /// <summary>PostgreSQL's own data directory.</summary>
    public string Data => Path.Combine(Directory, "data");

    /// <summary>The data directory while it is being made.</summary>
    public string UnfinishedData => Path.Combine(Directory, "data.new");

    /// <summary>The major version that made the data; null if there is none yet.</summary>
    public string? Major => File.Exists(Path.Combine(Data, "PG_VERSION")) ? File.ReadAllText(Path.Combine(Data, "PG_VERSION")).Trim() : null;

    /// <summary>Finds or makes <c>postgres</c> in <paramref name="parent"/>.</summary>
    /// <exception cref="LauncherException">No account can be found that could run PostgreSQL there.</exception>
    public static async Task<PostgresPlace> PrepareAsync(string parent, CancellationToken cancellationToken)
    {
        EnsureDirectory(parent, ForAllToEnter);
        // Without links anywhere on the way: processes are recognised by their working directory.
        parent = await RunAsync(["realpath", parent], cancellationToken);
        var expected = Path.Combine(parent, Name);
        var real = new DirectoryInfo(expected) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : expected;
        if (System.IO.Directory.Exists(real))
            return await OfOwnerAsync(real, real != expected, cancellationToken);

        // A link whose target is gone is of no use to anybody.
        File.Delete(expected);
        if (!Environment.IsPrivilegedProcess)
        {
            System.IO.Directory.CreateDirectory(expected, ForItsOwner);
            return new PostgresPlace(expected, null, false);
        }

        var candidates = await CandidatesAsync(cancellationToken);
        foreach (var candidate in candidates)
        {
            if (await CanEnterAsync(candidate, parent, cancellationToken))
                return await MakeAsync(expected, candidate, false, cancellationToken);
        }

        EnsureDirectory(Elsewhere, ForAllToEnter);
        var elsewhere = Path.Combine(Elsewhere, RandomNumberGenerator.GetHexString(12, lowercase: true));
        if (!await CanEnterAsync(candidates[0], Elsewhere, cancellationToken))
            throw new LauncherException($"User {candidates[0].Name}, who runs PostgreSQL because root may not, can enter neither {parent} nor {Elsewhere}: choose another directory with --data.");
        var place = await MakeAsync(elsewhere, candidates[0], true, cancellationToken);
        File.CreateSymbolicLink(expected, elsewhere);
        return place;
    }

    /// <summary>Removes the files, and the link in <paramref name="parent"/> if they are elsewhere.</summary>
    public void Delete(string parent)
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        if (IsElsewhere)
            File.Delete(Path.Combine(parent, Name));
    }

    private static async Task<PostgresPlace> OfOwnerAsync(string directory, bool isElsewhere, CancellationToken cancellationToken)
    {
        var owner = await RunAsync(["stat", "--format", "%U %u", directory], cancellationToken);
        var (name, id) = owner.Split(' ') is [var n, var i] ? (n, i) : ("unknown", "");
        if (!Environment.IsPrivilegedProcess)
        {
            return name == Environment.UserName
                ? new PostgresPlace(directory, null, isElsewhere)
                : throw new LauncherException($"{directory} belongs to user {name}: run this as root, or choose another directory with --data.");
        }

        var account = id == "0" ? null : await Account.FindAsync(name == "UNKNOWN" ? id : name, cancellationToken);
        if (account is null)
            throw new LauncherException($"{directory} belongs to user {name}, who cannot run PostgreSQL: remove it, or choose another directory with --data.");
        return await CanEnterAsync(account, directory, cancellationToken)
            ? new PostgresPlace(directory, account, isElsewhere)
            : throw new LauncherException($"User {account.Name}, who owns {directory}, can no longer enter it: run 'chmod o+x' on the directories above it, or choose another directory with --data.");
    }

    private static async Task<PostgresPlace> MakeAsync(string directory, Account account, bool isElsewhere, CancellationToken cancellationToken)
    {
        await RunAsync(["install", "-d", "-m", "0700", "-o", account.UserId, "-g", account.GroupId, directory], cancellationToken);
        return new PostgresPlace(directory, account, isElsewhere);
    }

    // PostgreSQL's own account before all; then whoever used sudo, who can enter the home that the clone lies in.
    private static async Task<List<Account>> CandidatesAsync(CancellationToken cancellationToken)
    {
        var accounts = new List<Account>();
        foreach (var name in new[] { "postgres", Environment.GetEnvironmentVariable("SUDO_USER"), "nobody" })
        {
            if (!string.IsNullOrEmpty(name) && await Account.FindAsync(name, cancellationToken) is { UserId: not "0" } account)
                accounts.Add(account);
        }

        return accounts.Count > 0
            ? accounts
            : throw new LauncherException("PostgreSQL refuses to run as root and there is no user 'postgres' or 'nobody': run this as an ordinary user.");
    }

    // Asks the kernel, as that user: modes, access lists and mount options all count.
    private static async Task<bool> CanEnterAsync(Account account, string directory, CancellationToken cancellationToken) =>
        (await Tool.RunAsync(["test", "-x", directory], cancellationToken, account)).Succeeded;

    private static async Task<string> RunAsync(string[] command, CancellationToken cancellationToken)
    {
        var result = await Tool.RunAsync(command, cancellationToken);
        return result.Succeeded ? result.Output.Trim() : throw new LauncherException($"{command[0]} failed: {result.Error.Trim()}");
    }

    // Not just CreateDirectory: a strict umask of root's would lock the account out of what we made ourselves.
    private static void EnsureDirectory(string directory, UnixFileMode mode)
    {
        if (System.IO.Directory.Exists(directory))
            return;
        System.IO.Directory.CreateDirectory(directory);
        File.SetUnixFileMode(directory, mode);
    }
}
