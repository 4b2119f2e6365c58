using Conversations.Load.Gauges;
using Npgsql;

namespace Conversations.Load.Targets;

/// <summary>A silo in this process on a PostgreSQL of its own.</summary>
internal sealed class PrivateSilo : IAsyncDisposable
{
    private readonly PrivateDatabase _database;
    private readonly HostLog _log;

    private PrivateSilo(PrivateDatabase database, HostLog log, InProcessSilo silo) => (_database, _log, Silo) = (database, log, silo);

    public InProcessSilo Silo { get; }

    public static async Task<PrivateSilo> StartAsync(CancellationToken stop)
    {
        var database = await PrivateDatabase.StartAsync(stop);
        var log = new HostLog();
        try
        {
            return new PrivateSilo(database, log, await InProcessSilo.StartAsync(database.App, [], stop));
        }
        catch
        {
            await log.DisposeAsync();
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads what PostgreSQL counts.</summary>
    public Task<DatabaseGauge> GaugeAsync(CancellationToken stop) => DatabaseGauge.OpenAsync(_database.Superuser, _database.Name, stop);

    /// <summary>
    /// The first change of a page after a checkpoint is the whole page: when checkpoints are is no property of a turn. Without them
    /// the log of turns can be compared.
    /// </summary>
    public async Task LeaveOutPageImagesAsync(CancellationToken stop)
    {
        await using var source = NpgsqlDataSource.Create(_database.Superuser);
        foreach (var sql in new[] { "alter system set full_page_writes = off", "select pg_reload_conf()" })
        {
            await using var command = source.CreateCommand(sql);
            await command.ExecuteNonQueryAsync(stop);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Silo.DisposeAsync();
        await _log.DisposeAsync();
        await _database.DisposeAsync();
    }
}
