using Conversations.Journal.Migrations;
using Conversations.Journal.Sharding;
using Conversations.Launcher.Postgres;
using Npgsql;

namespace Conversations.Launcher.Clusters;

/// <summary>The databases of a cluster: on a private server of its own, or one that somebody named. Migrated before they are used.</summary>
internal sealed class ClusterDatabase : IAsyncDisposable
{
    private ClusterDatabase(PostgresServer? server, IReadOnlyList<string> connectionStrings) =>
        (Server, ConnectionStrings) = (server, connectionStrings);

    /// <summary>The private server; null if somebody named another.</summary>
    public PostgresServer? Server { get; }

    /// <summary>The hosts' connection strings, in the order of the databases.</summary>
    public IReadOnlyList<string> ConnectionStrings { get; }

    public static async Task<ClusterDatabase> StartAsync(LocalClusterOptions options, CancellationToken cancellationToken)
    {
        if (options.PostgresConnectionString is { } named)
        {
            await options.Output.WriteLineAsync("Migrating the database of --postgres …");
            // One role does both: whoever names a server decides what it may do.
            await MigrateAsync(named, await RoleAsync(named, cancellationToken), Shard.Only, cancellationToken);
            return new ClusterDatabase(null, [named]);
        }

        await options.Output.WriteLineAsync("Starting PostgreSQL …");
        var server = await PostgresServer.OpenAsync(
            new PostgresServerOptions
            {
                Directory = options.Directory,
                Databases = options.Databases,
                Settings = options.PostgresSettings,
                DeleteOnDispose = options.DeleteOnDispose,
            },
            cancellationToken);
        try
        {
            if (server.IsElsewhere)
                await options.Output.WriteLineAsync($"PostgreSQL keeps its data in {server.Directory}: the user who runs it (root may not) cannot enter {options.Directory}.");
            await server.StartAsync(cancellationToken);
            for (var i = 0; i < options.Databases; i++)
                await MigrateAsync(server.OwnerConnectionStrings[i], PostgresServer.AppRole, new Shard(i + 1, options.Databases), cancellationToken);
            return new ClusterDatabase(server, server.AppConnectionStrings);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task MigrateAsync(string owner, string appRole, Shard shard, CancellationToken cancellationToken)
    {
        try
        {
            await Migrator.MigrateAsync(owner, appRole, shard, cancellationToken);
        }
        catch (SchemaException fault)
        {
            throw new LauncherException(fault.Message, fault);
        }
    }

    private static async Task<string> RoleAsync(string connectionString, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "select current_user::text";
            return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (NpgsqlException fault)
        {
            throw new LauncherException($"Cannot connect with the string of --postgres: {fault.Message}", fault);
        }
    }
}
