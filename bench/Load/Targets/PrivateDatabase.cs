using Conversations.Journal.Migrations;
using Conversations.Launcher.Postgres;
using Conversations.Load.Gauges;
using Npgsql;

namespace Conversations.Load.Targets;

/// <summary>A PostgreSQL of this run's own, durable as in production, with our schema; gone without a trace afterwards.</summary>
internal sealed class PrivateDatabase : IAsyncDisposable
{
    private readonly PostgresServer _server;
    private readonly string _directory;

    private PrivateDatabase(PostgresServer server, string directory) => (_server, _directory) = (server, directory);

    /// <summary>Of the role of the hosts.</summary>
    public string App => _server.AppConnectionString;

    /// <summary>Of the role that may look at statistics.</summary>
    public string Superuser => _server.SuperuserConnectionString;

    /// <summary>The name of the database with our schema.</summary>
    public string Name => new NpgsqlConnectionStringBuilder(App).Database!;

    /// <summary>The postmaster.</summary>
    public int Pid => _server.Pid ?? throw new TurnException($"PostgreSQL has ended; its log is {_server.LogFile}.");

    public static async Task<PrivateDatabase> StartAsync(CancellationToken stop)
    {
        var directory = Directory.CreateTempSubdirectory("conversations-load-");
        // PostgreSQL runs as another user when this runs as root.
        directory.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        var server = await PostgresServer.OpenAsync(
            new PostgresServerOptions { Directory = directory.FullName, DeleteOnDispose = true, Settings = DatabaseGauge.ServerSettings }, stop);
        var database = new PrivateDatabase(server, directory.FullName);
        try
        {
            await server.StartAsync(stop);
            await Migrator.MigrateAsync(server.OwnerConnectionString, PostgresServer.AppRole, stop);
            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }
}
