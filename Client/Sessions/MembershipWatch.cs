using Conversations.Journal;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;

namespace Conversations.Client.Sessions;

/// <summary>
/// Learns of a silo's death from the membership table, for nobody tells a cluster client: it listens to the table's trigger and looks
/// once a second besides. While PostgreSQL is away nobody can be declared dead, so nothing is missed: the next look compares.
/// </summary>
internal sealed partial class MembershipWatch(
    [FromKeyedServices(JournalServices.Orleans)] NpgsqlDataSource source,
    IOptions<ClusterOptions> cluster,
    SiloDeaths deaths,
    TimeProvider time,
    ILogger<MembershipWatch> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private MembershipView _view = MembershipView.Empty;

    /// <summary>What the last look showed.</summary>
    public MembershipView View => Volatile.Read(ref _view);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await WatchAsync(stoppingToken);
            }
            catch (Exception fault) when (!stoppingToken.IsCancellationRequested)
            {
                LogLost(logger, fault);
            }

            await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task WatchAsync(CancellationToken stoppingToken)
    {
        await using var connection = await source.OpenConnectionAsync(stoppingToken);
        await using (var listen = new NpgsqlCommand("listen conversations_membership", connection))
        {
            await listen.ExecuteNonQueryAsync(stoppingToken);
        }

        while (true)
        {
            See(await LookAsync(connection, stoppingToken));
            await connection.WaitAsync(Interval, stoppingToken);
        }
    }

    private async Task<MembershipView> LookAsync(NpgsqlConnection connection, CancellationToken stoppingToken)
    {
        await using var command = new NpgsqlCommand(
            "select address, port, generation, status from orleans.cluster_member where cluster_id = $1 and status <> $2", connection);
        command.CommandTimeout = 3;
        command.Parameters.AddWithValue(cluster.Value.ClusterId);
        command.Parameters.AddWithValue(MembershipView.Dead);
        await using var row = await command.ExecuteReaderAsync(stoppingToken);
        var silos = new Dictionary<string, int>(StringComparer.Ordinal);
        while (await row.ReadAsync(stoppingToken))
        {
            silos[$"{row.GetString(0)}:{row.GetInt32(1)}@{row.GetInt32(2)}"] = row.GetInt32(3);
        }

        return new MembershipView(silos);
    }

    private void See(MembershipView now)
    {
        var dead = now.DeadSince(View);
        Volatile.Write(ref _view, now);
        foreach (var silo in dead) LogDead(logger, silo, now.ActiveSilos);
        if (dead.Count > 0) deaths.Tell();
    }
}
