using Conversations.Journal.Migrations;
using Conversations.Launcher.Postgres;

namespace Conversations.Testing;

/// <summary>One real PostgreSQL with our schema for all tests of a process; tests keep apart by tenant.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private static readonly Lazy<Task<TestPostgres>> Shared = new(StartSharedAsync);
    private readonly string _directory;

    private TestPostgres(PostgresServer server, string directory)
    {
        Server = server;
        _directory = directory;
    }

    public PostgresServer Server { get; }

    /// <summary>The connection string of the hosts' role.</summary>
    public string App => Server.AppConnectionString;

    /// <summary>The connection string of the owner.</summary>
    public string Owner => Server.OwnerConnectionString;

    /// <summary>The server that all tests of this process share; it ends with the process.</summary>
    public static Task<TestPostgres> SharedAsync() => Shared.Value;

    /// <summary>A server of one's own, to be broken.</summary>
    public static async Task<TestPostgres> StartAsync(bool migrate = true)
    {
        var directory = Directory.CreateTempSubdirectory("conversations-test-").FullName;
        // PostgreSQL runs as another user when the tests run as root.
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var server = await PostgresServer.OpenAsync(new PostgresServerOptions { Directory = directory, DeleteOnDispose = true });
        await server.StartAsync();
        if (migrate) await Migrator.MigrateAsync(server.OwnerConnectionString, PostgresServer.AppRole);
        return new TestPostgres(server, directory);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private static async Task<TestPostgres> StartSharedAsync()
    {
        var shared = await StartAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => shared.DisposeAsync().AsTask().Wait(TimeSpan.FromSeconds(20));
        return shared;
    }
}
