using Conversations.Journal.Migrations;
using Conversations.Launcher.Postgres;
using Npgsql;

namespace Conversations.Launcher.Clusters;

/// <summary>The database of a cluster: a private server of its own, or one that somebody named. Migrated before it is used.</summary>
internal sealed class ClusterDatabase : IAsyncDisposable
{
    private readonly string? _connectionString;

    private ClusterDatabase(PostgresServer? server, string? connectionString) => (Server, _connectionString) = (server, connectionString);

    /// <summary>The private server; null if somebody named another.</summary>
    public PostgresServer? Server { get; }

    /// <summary>The hosts' connection string.</summary>
    public string ConnectionString => Server?.AppConnectionString ?? _connectionString!;

    public static async Task<ClusterDatabase> StartAsync(LocalClusterOptions options, CancellationToken cancellationToken)
    {
        if (options.PostgresConnectionString is { } named)
        {
            await options.Output.WriteLineAsync("Migrating the database of --postgres …");
            // One role does both: whoever names a server decides what it may do.
            await MigrateAsync(named, await RoleAsync(named, cancellationToken), cancellationToken);
            return new ClusterDatabase(null, named);
        }

        await options.Output.WriteLineAsync("Starting PostgreSQL …");
        var server = await PostgresServer.OpenAsync(
            new PostgresServerOptions { Directory = options.Directory, Settings = options.PostgresSettings, DeleteOnDispose = options.DeleteOnDispose },
            cancellationToken);
        try
        {
            if (server.IsElsewhere)
                await options.Output.WriteLineAsync($"PostgreSQL keeps its data in {server.Directory}: the user who runs it (root may not) cannot enter {options.Directory}.");
            await server.StartAsync(cancellationToken);
            await MigrateAsync(server.OwnerConnectionString, PostgresServer.AppRole, cancellationToken);
            return new ClusterDatabase(server, null);
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task MigrateAsync(string owner, string appRole, CancellationToken cancellationToken)
    {
        try
        {
            await Migrator.MigrateAsync(owner, appRole, cancellationToken);
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
