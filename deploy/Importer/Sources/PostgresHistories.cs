using System.Runtime.CompilerServices;
using System.Text;
using Npgsql;

namespace Conversations.Importer.Sources;

/// <summary>
/// LangChain's table: <c>id</c>, <c>session_id</c> (text, or a uuid) and <c>message</c> (json). It has no index that begins with the
/// session, so a page is a pass over the table that keeps the next few thousand rows: large pages, and no transaction that stays open.
/// </summary>
internal sealed class PostgresHistories : IHistories
{
    private const int PageRows = 5000;
    private const int PageBytes = 8 << 20;

    private readonly NpgsqlDataSource _database;
    private readonly string _table;

    private PostgresHistories(NpgsqlDataSource database, string table) => (_database, _table) = (database, table);

    /// <inheritdoc/>
    public long? Messages { get; private set; }

    /// <inheritdoc/>
    public IReadOnlyList<string> LeftOut { get; private set; } = [];

    /// <inheritdoc/>
    public string? Note => null;

    /// <summary>Opens a table, whose name may begin with a schema.</summary>
    public static async Task<PostgresHistories> OpenAsync(string connection, string table, CancellationToken cancellationToken)
    {
        using var names = new NpgsqlCommandBuilder();
        var histories = new PostgresHistories(NpgsqlDataSource.Create(connection), string.Join('.', table.Split('.').Select(names.QuoteIdentifier)));
        await using var count = histories._database.CreateCommand($"select count(*), count(session_id) from {histories._table}");
        await using var row = await count.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        histories.Messages = row.GetInt64(1);
        if (row.GetInt64(0) - row.GetInt64(1) is > 0 and var nameless) histories.LeftOut = [$"{nameless} rows have no session id."];
        return histories;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<History> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var rows = RowsAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (rows)
        {
            for (var more = await rows.MoveNextAsync(); more;)
            {
                var session = rows.Current.Session;
                yield return new History(Encoding.UTF8.GetBytes(session), OfSessionAsync());
                while (more && rows.Current.Session == session) more = await rows.MoveNextAsync();

                async IAsyncEnumerable<StoredMessage> OfSessionAsync()
                {
                    for (var position = 0L; more && rows.Current.Session == session; position++, more = await rows.MoveNextAsync())
                        yield return new StoredMessage(position, $"row {rows.Current.Id}", rows.Current.Message);
                }
            }
        }
    }

    public ValueTask DisposeAsync() => _database.DisposeAsync();

    private async IAsyncEnumerable<Row> RowsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Row? last = null;
        for (var more = true; more;)
        {
            var page = await PageAsync(last, cancellationToken);
            foreach (var row in page) yield return row;
            more = page.Count > 0;
            if (more) last = page[^1];
        }
    }

    // In the bytes' order, so that neither the database's language nor the type of the column matters.
    private async Task<List<Row>> PageAsync(Row? after, CancellationToken cancellationToken)
    {
        const string session = "session_id::text collate \"C\"";
        await using var command = _database.CreateCommand($"""
            select {session}, id::bigint, message::text from {_table}
            where session_id is not null {(after is null ? "" : $"and ({session}, id::bigint) > ($1, $2)")}
            order by 1, 2 limit {PageRows}
            """);
        if (after is not null)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = after.Session });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after.Id });
        }

        var page = new List<Row>();
        await using var rows = await command.ExecuteReaderAsync(cancellationToken);
        for (var bytes = 0L; bytes < PageBytes && await rows.ReadAsync(cancellationToken); bytes += page[^1].Message.Length)
            page.Add(new Row(rows.GetString(0), rows.GetInt64(1), rows.IsDBNull(2) ? "null" : rows.GetString(2)));
        return page;
    }

    private sealed record Row(string Session, long Id, string Message);
}
