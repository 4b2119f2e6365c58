using System.Data;
using Conversations.Journal.Sharding;
using DbUp;
using DbUp.Engine;
using Npgsql;

namespace Conversations.Journal.Migrations;

/// <summary>Brings a database to the schema that this build knows.</summary>
public static class Migrator
{
    // Any number will do as long as every build uses the same one.
    private const long AdvisoryLock = 0x436F_6E76_6572_7361;

    /// <summary>Migrates the only database there is; see <see cref="MigrateAsync(string, string, Shard, CancellationToken)"/>.</summary>
    public static Task MigrateAsync(string ownerConnectionString, string appRole, CancellationToken cancellationToken = default) =>
        MigrateAsync(ownerConnectionString, appRole, Shard.Only, cancellationToken);

    /// <summary>
    /// Applies what is missing of <c>deploy/postgres/*.sql</c>, in order, each file in a transaction of its own, one process at a time;
    /// then grants <paramref name="appRole"/> what the hosts need, which does not include changing <c>OrleansQuery</c>.
    /// </summary>
    /// <param name="ownerConnectionString">Of a role that may create schemas.</param>
    /// <param name="appRole">The role that the hosts use; it must exist.</param>
    /// <param name="shard">Which of how many databases it is; the first time, it is told, and keeps that for ever.</param>
    /// <param name="cancellationToken">Gives up waiting for the lock.</param>
    /// <exception cref="SchemaException">The database holds a schema that is not ours, is another shard, or a script failed.</exception>
    public static async Task MigrateAsync(string ownerConnectionString, string appRole, Shard shard, CancellationToken cancellationToken = default)
    {
        await using var owner = NpgsqlDataSource.Create(ownerConnectionString);
        await using var connection = await owner.OpenConnectionAsync(cancellationToken);
        await ExecuteAsync(connection, $"select pg_advisory_lock({AdvisoryLock})", cancellationToken);
        await SchemaCheck.RefuseForeignAsync(connection, cancellationToken);
        await ExecuteAsync(connection, $"create schema if not exists {SchemaScripts.JournalSchema}", cancellationToken);
        var upgrade = DeployChanges.To
            .PostgresqlDatabase(ownerConnectionString)
            .WithScripts(SchemaScripts.All.Select(s => new SqlScript(s.Name, s.Sql)))
            .JournalToPostgresqlTable(SchemaScripts.JournalSchema, SchemaScripts.JournalTable)
            .WithTransactionPerScript()
            .WithVariablesDisabled()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!upgrade.Successful)
        {
            throw new SchemaException($"Migration {upgrade.ErrorScript?.Name} failed: {upgrade.Error.Message}", upgrade.Error);
        }

        await ExecuteAsync(
            connection,
            $"insert into {SchemaScripts.JournalSchema}.{SchemaScripts.ShardTable} (number, count) values ({shard.Number}, {shard.Of}) on conflict do nothing",
            cancellationToken);
        await SchemaCheck.RefuseOtherShardAsync(connection, shard, cancellationToken);
        await GrantAsync(connection, appRole, cancellationToken);
    }

    private static async Task GrantAsync(NpgsqlConnection connection, string appRole, CancellationToken cancellationToken)
    {
        var role = '"' + appRole.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        foreach (var schema in SchemaScripts.Schemas)
        {
            await ExecuteAsync(
                connection,
                $"""
                 grant usage on schema {schema} to {role};
                 grant select, insert, update, delete on all tables in schema {schema} to {role};
                 revoke insert, update, delete, truncate on {schema}.orleansquery from {role};
                 grant execute on all functions in schema {schema} to {role};
                 """,
                cancellationToken);
        }

        foreach (var table in (string[])[SchemaScripts.JournalTable, SchemaScripts.ShardTable])
        {
            await ExecuteAsync(connection, $"revoke insert, update, delete on {SchemaScripts.JournalSchema}.{table} from {role}", cancellationToken);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.CommandType = CommandType.Text;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
