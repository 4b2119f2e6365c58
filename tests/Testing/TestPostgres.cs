using Conversations.Journal.Migrations;
using Conversations.Journal.Sharding;
using Conversations.Launcher.Postgres;

namespace Conversations.Testing;

/// <summary>A real PostgreSQL with our schema; the tests of one keep apart by tenant.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
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

    /// <summary>Starts one, with so many databases.</summary>
    public static async Task<TestPostgres> StartAsync(bool migrate = true, int databases = 1)
    {
        var directory = Directory.CreateTempSubdirectory("conversations-test-").FullName;
        // PostgreSQL runs as another user when the tests run as root.
        File.SetUnixFileMode(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var server = await PostgresServer.OpenAsync(new PostgresServerOptions { Directory = directory, Databases = databases, DeleteOnDispose = true });
        await server.StartAsync();
        for (var i = 0; migrate && i < databases; i++)
        {
            await Migrator.MigrateAsync(server.OwnerConnectionStrings[i], PostgresServer.AppRole, new Shard(i + 1, databases));
        }

        return new TestPostgres(server, directory);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
