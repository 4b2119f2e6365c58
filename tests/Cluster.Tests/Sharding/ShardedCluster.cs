using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Conversations.Cluster.Tests.Sharding;

/// <summary>Silos whose sessions are spread over two databases.</summary>
public sealed class ShardedCluster : SessionCluster
{
    protected override int Databases => 2;

    public SessionDatabases Sessions => Cluster.Silos[0].ServiceProvider.GetRequiredService<SessionDatabases>();

    /// <summary>A session of a tenant that lives in this database.</summary>
    public SessionKey KeyIn(int database, SessionKey tenant, string id) => Enumerable.Range(0, 1_000)
        .Select(i => Beside(tenant, $"{id}-{i}")).First(key => Sessions.Map.IndexOf(key) == database);

    /// <summary>What a query finds in this database.</summary>
    public async Task<IReadOnlyList<string>> QueryAsync(int database, string sql, params object[] values)
    {
        await using var command = Sessions.All[database].CreateCommand(sql);
        foreach (var value in values) command.Parameters.AddWithValue(value);
        await using var row = await command.ExecuteReaderAsync();
        var found = new List<string>();
        while (await row.ReadAsync()) found.Add(row.GetValue(0).ToString()!);
        return found;
    }

    /// <summary>Lets a database take no connections until <paramref name="meanwhile"/> is over, as if it were away.</summary>
    public async Task WithoutAsync(int database, Func<Task> meanwhile)
    {
        var name = new NpgsqlConnectionStringBuilder(Postgres.Server.AppConnectionStrings[database]).Database!;
        await using var administration = NpgsqlDataSource.Create(Postgres.Server.SuperuserConnectionString);
        await ExecuteAsync($"alter database {name} with allow_connections false");
        try
        {
            await ExecuteAsync($"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{name}'");
            await meanwhile();
        }
        finally
        {
            await ExecuteAsync($"alter database {name} with allow_connections true");
            // The next test shall not meet the connections that were cut here.
            foreach (var silo in Cluster.Silos) silo.ServiceProvider.GetRequiredService<SessionDatabases>().All[database].Clear();
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = administration.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }
}

[CollectionDefinition(Name)]
public sealed class ShardedGroup : ICollectionFixture<ShardedCluster>
{
    public const string Name = "sharded";
}
