using Npgsql;

namespace Conversations.Load.Gauges;

/// <summary>What PostgreSQL counts by itself. It is asked over a connection to another database, so that asking is not counted.</summary>
internal sealed class DatabaseGauge : IAsyncDisposable
{
    private const string StatementsLibrary = "pg_stat_statements";

    private const string Sql =
        """
        select pg_current_wal_insert_lsn() - '0/0'::pg_lsn, (select xact_commit + xact_rollback from pg_stat_database where datname = $1)
        """;

    private const string StatementsSql =
        """
        select coalesce(sum(calls), 0)::int8 from pg_stat_statements where dbid = (select oid from pg_database where datname = $1)
        """;

    private const string ListSql =
        """
        select calls, left(regexp_replace(query, '\s+', ' ', 'g'), 100) from pg_stat_statements
        where dbid = (select oid from pg_database where datname = $1) order by calls desc limit 20
        """;

    private readonly NpgsqlConnection _connection;
    private readonly string _database;
    private readonly bool _countsStatements;

    private DatabaseGauge(NpgsqlConnection connection, string database, bool countsStatements) =>
        (_connection, _database, _countsStatements) = (connection, database, countsStatements);

    /// <summary>What a server that is to be read is started with: PostgreSQL's own counter of statements, if it is installed.</summary>
    public static IReadOnlyDictionary<string, string> ServerSettings { get; } = IsInstalled()
        ? new Dictionary<string, string> { ["shared_preload_libraries"] = StatementsLibrary }
        : [];

    /// <param name="connectionString">Of a role that may look at statistics.</param>
    /// <param name="database">Whose statements and transactions are counted.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<DatabaseGauge> OpenAsync(string connectionString, string database, CancellationToken stop)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(stop);
        await using var command = connection.CreateCommand();
        command.CommandText = $"select current_setting('shared_preload_libraries') like '%{StatementsLibrary}%'";
        var counts = (bool)(await command.ExecuteScalarAsync(stop))!;
        if (counts)
        {
            command.CommandText = $"create extension if not exists {StatementsLibrary}";
            await command.ExecuteNonQueryAsync(stop);
        }

        return new DatabaseGauge(connection, database, counts);
    }

    public async Task<(decimal Wal, long Transactions, long? Statements)> ReadAsync(CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(Sql, _connection) { Parameters = { new() { Value = _database } } };
        await using var row = await command.ExecuteReaderAsync(stop);
        await row.ReadAsync(stop);
        var (wal, transactions) = (row.GetDecimal(0), row.GetInt64(1));
        await row.DisposeAsync();
        if (!_countsStatements) return (wal, transactions, null);
        command.CommandText = StatementsSql;
        return (wal, transactions, (long)(await command.ExecuteScalarAsync(stop))!);
    }

    /// <summary>The statements that came most often since the server started; none if it does not count them.</summary>
    public async Task<IReadOnlyList<(long Calls, string Text)>> ListAsync(CancellationToken stop)
    {
        if (!_countsStatements) return [];
        await using var command = new NpgsqlCommand(ListSql, _connection) { Parameters = { new() { Value = _database } } };
        await using var row = await command.ExecuteReaderAsync(stop);
        var all = new List<(long, string)>();
        while (await row.ReadAsync(stop)) all.Add((row.GetInt64(0), row.GetString(1)));
        return all;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private static bool IsInstalled() =>
        Directory.Exists("/usr/lib/postgresql")
        && Directory.EnumerateFiles("/usr/lib/postgresql", $"{StatementsLibrary}.so", SearchOption.AllDirectories).Any();
}
