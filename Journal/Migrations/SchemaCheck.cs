using Conversations.Journal.Sharding;
using Npgsql;

namespace Conversations.Journal.Migrations;

/// <summary>Looks whether a database has the schema that this build knows.</summary>
public static class SchemaCheck
{
    private const string Cure = "run `Conversations.Silo migrate` with ConnectionStrings:Migrate set to the owner's connection string";

    /// <summary>Returns if the schema is this build's and the database the one that it is taken for.</summary>
    /// <param name="source">The database.</param>
    /// <param name="shard">Which of how many it is taken for.</param>
    /// <param name="acceptsNewer">Whether a newer one will do, too: for a process that runs while the next build's migration comes.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="SchemaException">It is missing, older, newer or not ours, or the database is another shard.</exception>
    public static async Task VerifyAsync(NpgsqlDataSource source, Shard shard, bool acceptsNewer, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await RefuseForeignAsync(connection, cancellationToken);
        if (!await ExistsAsync(connection, cancellationToken))
        {
            throw new SchemaException($"The database '{connection.Database}' has no schema of Conversations: {Cure}.");
        }

        await using var command = new NpgsqlCommand(
            $"select scriptname from {SchemaScripts.JournalSchema}.{SchemaScripts.JournalTable}", connection);
        var applied = new HashSet<string>(StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken)) applied.Add(reader.GetString(0));
        }

        var known = SchemaScripts.All.Select(s => s.Name).ToList();
        if (known.FirstOrDefault(name => !applied.Contains(name)) is { } missing)
        {
            throw new SchemaException($"The schema of the database '{connection.Database}' is older than this build (it lacks {missing}): {Cure}.");
        }

        if (!acceptsNewer && applied.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new SchemaException(
                $"The schema of the database '{connection.Database}' is newer than this build (it has {unknown}): run a build that knows it.");
        }

        await RefuseOtherShardAsync(connection, shard, cancellationToken);
    }

    internal static async Task RefuseOtherShardAsync(NpgsqlConnection connection, Shard shard, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            $"select number, count from {SchemaScripts.JournalSchema}.{SchemaScripts.ShardTable}", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken))
        {
            throw new SchemaException($"The database '{connection.Database}' has not been told which of the databases of sessions it is: {Cure}.");
        }

        if (new Shard(row.GetInt32(0), row.GetInt32(1)) is var set && set != shard)
        {
            throw new SchemaException(
                $"The database '{connection.Database}' was set up as {set} and is listed as {shard}: list in ConnectionStrings:Conversations all databases of sessions, as many and in the order as they were set up (docs/scale.md).");
        }
    }

    internal static async Task RefuseForeignAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (await ExistsAsync(connection, cancellationToken)) return;
        await using var command = new NpgsqlCommand(
            """
            select n.nspname from pg_namespace n
            where n.nspname = any($1) and exists (select 1 from pg_class c where c.relnamespace = n.oid) limit 1
            """,
            connection);
        command.Parameters.AddWithValue(SchemaScripts.Schemas);
        if (await command.ExecuteScalarAsync(cancellationToken) is string schema)
        {
            throw new SchemaException(
                $"The database '{connection.Database}' has a schema '{schema}' that is not of Conversations: use a database of its own.");
        }
    }

    private static async Task<bool> ExistsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select to_regclass($1) is not null", connection);
        command.Parameters.AddWithValue($"{SchemaScripts.JournalSchema}.{SchemaScripts.JournalTable}");
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
