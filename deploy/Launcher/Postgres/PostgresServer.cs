using Conversations.Launcher.Ports;
using Conversations.Launcher.Processes;
using Npgsql;

namespace Conversations.Launcher.Postgres;

/// <summary>
/// A private PostgreSQL: its own data directory, a port of its own on loopback, durable settings. It has the database
/// <c>conversations</c>, and as many further ones as it was told to have, with the roles <c>conversations_owner</c> and <c>conversations_app</c>. It ends when this process ends, also by
/// kill -9. The port and the connection strings stay the same over <see cref="KillAsync"/> and <see cref="StartAsync"/>. Not thread-safe.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(20);

    private readonly PostgresServerOptions _options;
    private readonly PostgresPlace _place;
    private readonly PostgresBinaries _binaries;
    private readonly PostgresPasswords _passwords;
    private readonly PostgresProcesses _processes;
    private readonly DataLock _lock;
    private readonly ReservedPort _port = ReservedPort.Any();
    private ChildProcess? _postmaster;
    private bool _isPaused;
    private volatile bool _endIsWanted;

    private PostgresServer(PostgresServerOptions options, PostgresPlace place, PostgresBinaries binaries, PostgresPasswords passwords, DataLock @lock)
    {
        (_options, _place, _binaries, _passwords, _lock) = (options, place, binaries, passwords, @lock);
        _processes = new PostgresProcesses(place);
        LogFile = Path.Combine(options.Directory, "logs", "postgres.log");
    }

    /// <summary>Raised, on another thread, with the exit code, when it ends after it was ready and without having been asked to.</summary>
    public event Action<int>? Died;

    /// <summary>Where its files are, without links.</summary>
    public string Directory => _place.Directory;

    /// <summary>Whether its files are not below the directory that was asked for, because whoever runs it cannot enter that.</summary>
    public bool IsElsewhere => _place.IsElsewhere;

    /// <summary>What it logs to.</summary>
    public string LogFile { get; }

    /// <summary>Its port on 127.0.0.1.</summary>
    public int Port => _port.Number;

    /// <summary>The postmaster's process; null while it does not run.</summary>
    public int? Pid => IsRunning ? _postmaster!.Pid : null;

    /// <summary>Whether it runs (also when paused).</summary>
    public bool IsRunning => _postmaster is { HasExited: false };

    /// <summary>Connects as the role that owns the database and migrates it.</summary>
    public string OwnerConnectionString => OwnerConnectionStrings[0];

    /// <summary>As above, for each database.</summary>
    public IReadOnlyList<string> OwnerConnectionStrings => ConnectionStrings(PostgresRoles.Owner, _passwords.Owner);

    /// <summary>Connects as the role of the hosts.</summary>
    public string AppConnectionString => AppConnectionStrings[0];

    /// <summary>As above, for each database.</summary>
    public IReadOnlyList<string> AppConnectionStrings => ConnectionStrings(PostgresRoles.App, _passwords.App);

    /// <summary>The role of <see cref="AppConnectionString"/>.</summary>
    public static string AppRole => PostgresRoles.App;

    /// <summary>For whoever looks after the server; it has connections of its own left when all others are taken.</summary>
    public string SuperuserConnectionString => ConnectionString("postgres", _passwords.Superuser, "postgres");

    /// <summary>Makes the data directory if there is none, and takes it for ourselves; starts nothing yet.</summary>
    /// <exception cref="LauncherException">PostgreSQL is not installed, or the directory is in use or not usable.</exception>
    public static async Task<PostgresServer> OpenAsync(PostgresServerOptions options, CancellationToken cancellationToken = default)
    {
        options = options with { Directory = Path.GetFullPath(options.Directory) };
        var place = await PostgresPlace.PrepareAsync(options.Directory, cancellationToken);
        var @lock = DataLock.Take(place.Directory);
        try
        {
            var binaries = await PostgresBinaries.FindAsync(place.Major, cancellationToken);
            var passwords = await PostgresPasswords.EnsureAsync(place.Directory, cancellationToken);
            await PostgresDataDirectory.EnsureAsync(place, binaries, passwords, cancellationToken);
            return new PostgresServer(options, place, binaries, passwords, @lock);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Starts it, also after a crash, and returns when it serves.</summary>
    /// <exception cref="LauncherException">It did not come up; the message ends with what it logged.</exception>
    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        if (IsRunning)
            return;
        await _processes.EndLeftoversAsync(cancellationToken);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(LogFile)!);
        var logged = LogTail.Length(LogFile);
        (_isPaused, _endIsWanted) = (false, false);
        var postmaster = await ChildProcess.StartAsync(
            new ChildProcessStart([_binaries.Postgres, "-D", _place.Data, .. PostgresSettings.Arguments(_options, Port)], "/", LogFile)
            {
                Account = _place.Account,
                // Immediate shutdown: the postmaster takes its children with it, and the next start recovers.
                OnParentDeath = Signal.Quit,
                Variables = new Dictionary<string, string?> { [PostgresProcesses.Mark] = "1", ["LC_ALL"] = "C", ["PGDATA"] = null },
            });
        _postmaster = postmaster;
        try
        {
            await WaitReadyAsync(postmaster, logged, cancellationToken);
        }
        catch
        {
            await KillAsync();
            throw;
        }

        _ = WatchAsync(postmaster);
    }

    /// <summary>Ends it in order: open transactions are rolled back, a checkpoint is written.</summary>
    public async Task StopAsync()
    {
        if (!IsRunning)
            return;
        _endIsWanted = true;
        Resume();
        _postmaster!.Send(Signal.Interrupt);
        if (!await _postmaster.ExitsWithinAsync(StopPatience))
            await KillAsync();
    }

    /// <summary>Kills all its processes at once, as kill -9 does; what was acknowledged is on disk.</summary>
    public async Task KillAsync()
    {
        if (!IsRunning)
            return;
        _endIsWanted = true;
        PostgresProcesses.Send(_postmaster!.Pid, Signal.Kill);
        await _postmaster.Exited;
    }

    /// <summary>Stops all its processes where they are; to its clients it hangs.</summary>
    public void Pause() => Suspend(true);

    /// <summary>Lets it go on after <see cref="Pause"/>.</summary>
    public void Resume() => Suspend(false);

    /// <summary>Stops it and lets go of its port and its directory; the data stays, unless the options say otherwise.</summary>
    public async ValueTask DisposeAsync()
    {
        await (_options.DeleteOnDispose ? KillAsync() : StopAsync());
        foreach (var used in OwnerConnectionStrings.Concat(AppConnectionStrings)) NpgsqlConnection.ClearPool(new NpgsqlConnection(used));
        _postmaster?.Dispose();
        _port.Dispose();
        if (_options.DeleteOnDispose)
        {
            await _processes.EndLeftoversAsync(CancellationToken.None);
            _place.Delete(_options.Directory);
        }

        _lock.Dispose();
    }

    private void Suspend(bool pause)
    {
        if (_isPaused == pause || !IsRunning)
            return;
        PostgresProcesses.Send(_postmaster!.Pid, pause ? Signal.Stop : Signal.Continue);
        _isPaused = pause;
    }

    private async Task WatchAsync(ChildProcess postmaster)
    {
        var exitCode = await postmaster.Exited;
        if (!_endIsWanted)
            Died?.Invoke(exitCode);
    }

    private async Task WaitReadyAsync(ChildProcess postmaster, long logged, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(_options.StartTimeout);
        Exception? last = null;
        try
        {
            while (!postmaster.HasExited)
            {
                try
                {
                    await using var superuser = new NpgsqlConnection(SuperuserConnectionString + ";Pooling=false");
                    await superuser.OpenAsync(deadline.Token);
                    await PostgresRoles.EnsureAsync(superuser, _passwords, _options.Databases, deadline.Token);
                    return;
                }
                catch (NpgsqlException notYet) when (notYet is not PostgresException || notYet.SqlState == PostgresErrorCodes.CannotConnectNow)
                {
                    last = notYet;
                    await Task.WhenAny(postmaster.Exited, Task.Delay(Poll, deadline.Token));
                    deadline.Token.ThrowIfCancellationRequested();
                }
            }
        }
        catch (PostgresException refused)
        {
            throw new LauncherException($"PostgreSQL refuses the launcher: {refused.MessageText} (data in {Directory}).", refused);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new LauncherException($"PostgreSQL was not ready after {_options.StartTimeout.TotalSeconds:0} s; its log {LogFile} ends:\n{LogTail.Read(LogFile, logged)}", last);
        }

        throw new LauncherException($"PostgreSQL ended while starting; its log {LogFile} ends:\n{LogTail.Read(LogFile, logged)}", last);
    }

    private string[] ConnectionStrings(string user, string password) =>
        [.. Enumerable.Range(0, _options.Databases).Select(index => ConnectionString(user, password, PostgresRoles.DatabaseOf(index)))];

    private string ConnectionString(string user, string password, string database) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = Port,
            Username = user,
            Password = password,
            Database = database,
            // Loopback: neither is set up there, and asking for them costs a round trip each.
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
        }.ConnectionString;
}
