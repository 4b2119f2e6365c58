using System.Globalization;
using Conversations.Launcher.Postgres;
using Conversations.Load;
using Conversations.Load.Gauges;
using Npgsql;

namespace Conversations.Suite.Servers;

/// <summary>An empty database on a PostgreSQL of its own, durable and set up as the service's.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    public const string Name = "bench";

    public const string User = "postgres";

    private readonly PostgresServer _server;
    private readonly string _directory;

    private BenchDatabase(PostgresServer server, string directory) => (_server, _directory) = (server, directory);

    public int Port => _server.Port;

    public int Pid => _server.Pid ?? throw new TurnException("PostgreSQL has ended.");

    /// <summary>Connects to another database of the same server, as the role that may look at statistics.</summary>
    public string Superuser => _server.SuperuserConnectionString;

    /// <summary>What every baseline takes.</summary>
    public IReadOnlyList<string> Arguments =>
        ["--connection-host", "127.0.0.1", "--connection-port", Port.ToString(CultureInfo.InvariantCulture), "--user", User, "--database", Name];

    /// <summary>The password, where every client of PostgreSQL looks for one.</summary>
    public IReadOnlyDictionary<string, string?> Variables => new Dictionary<string, string?>
    {
        ["PGPASSWORD"] = new NpgsqlConnectionStringBuilder(Superuser).Password,
    };

    public static async Task<BenchDatabase> StartAsync(CancellationToken stop)
    {
        var directory = BenchDirectory.Make();
        var server = await PostgresServer.OpenAsync(
            new PostgresServerOptions { Directory = directory, DeleteOnDispose = true, Settings = DatabaseGauge.ServerSettings }, stop);
        var database = new BenchDatabase(server, directory);
        try
        {
            await server.StartAsync(stop);
            await using var source = NpgsqlDataSource.Create(database.Superuser);
            await using var command = source.CreateCommand($"create database {Name}");
            await command.ExecuteNonQueryAsync(stop);
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
