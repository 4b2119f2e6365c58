using System.Diagnostics;
using System.Globalization;
using Conversations.Chaos.World;
using Npgsql;

namespace Conversations.Chaos.Faults;

/// <summary>Somebody else takes all connections that PostgreSQL has left, after ending ours.</summary>
internal sealed class TakeConnections : Fault
{
    public override string Name => "take-connections";

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var taken = new List<NpgsqlConnection>();
        try
        {
            var length = TimeSpan.FromMilliseconds(random.Next(3_000, 6_000));
            var began = Stopwatch.GetTimestamp();
            await EndAsync(cluster, stop);
            while (Stopwatch.GetElapsedTime(began) < length)
            {
                try
                {
                    taken.Add(await cluster.Database.OpenConnectionAsync(stop));
                }
                catch (NpgsqlException)
                {
                    // None is left.
                    await Task.Delay(50, stop);
                }
            }

            return string.Create(CultureInfo.InvariantCulture, $"{taken.Count} connections");
        }
        finally
        {
            foreach (var connection in taken) await connection.DisposeAsync();
        }
    }

    private static async Task EndAsync(ChaosCluster cluster, CancellationToken stop)
    {
        await using var command = cluster.Administration.CreateCommand(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend'");
        await command.ExecuteScalarAsync(stop);
    }
}
