using Conversations.Launcher.Clusters;
using Npgsql;

namespace Conversations.EndToEnd.Tests.Sharding;

/// <summary>Two silos and a gateway, whose sessions are spread over two databases.</summary>
public sealed class ShardedCluster : RunningCluster
{
    /// <summary>The sum over both databases of what a query counts.</summary>
    public async Task<int> CountAsync(string sql, string prefix) => (await CountsAsync(sql, prefix)).Sum();

    /// <summary>What a query counts in each database.</summary>
    public async Task<IReadOnlyList<int>> CountsAsync(string sql, string prefix)
    {
        var counts = new List<int>();
        foreach (var database in Processes.ConnectionStrings)
        {
            await using var source = NpgsqlDataSource.Create(database + ";Pooling=false");
            await using var command = source.CreateCommand(sql);
            command.Parameters.AddWithValue(prefix + "-%");
            counts.Add((int)(await command.ExecuteScalarAsync())!);
        }

        return counts;
    }

    protected override LocalClusterOptions Adapt(LocalClusterOptions options) => options with { Silos = 2, Gateways = 1, Databases = 2 };
}
