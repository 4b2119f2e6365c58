using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;
using Npgsql;

namespace Conversations.Journal.Reading;

/// <inheritdoc cref="ISessionEventReader"/>
internal sealed class SessionEventReader(SessionDatabases databases) : ISessionEventReader
{
    private const int TurnsPerPage = 32;

    public async Task<SessionEventPage?> ReadAsync(SessionKey key, SessionCursor after, CancellationToken cancellationToken)
    {
        await using var connection = await databases.Of(key).OpenConnectionAsync(cancellationToken);
        // All rows as of one moment: an event must not be missed because its neighbour was read earlier.
        await using var moment = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);
        for (var limit = TurnsPerPage; ; limit *= 2)
        {
            if (await FindVersionAsync(connection, key, cancellationToken) is not { } version) return null;
            var turns = await ReadTurnsAsync(connection, key, after.Version, limit + 1, cancellationToken);
            var hasMore = turns.Count > limit;
            if (hasMore)
            {
                // Of the turns beyond the page nothing happened before the first of them was accepted.
                version = turns[limit].Accepted - 1;
                turns.RemoveAt(limit);
            }

            var events = SessionReplay.Events(turns).Where(e => e.Cursor!.Value.Version <= version && e.Cursor.Value.IsAfter(after)).ToList();
            if (hasMore && events.Count == 0) continue;
            var running = hasMore ? null : turns.Find(t => t.Turn is { Status: TurnStatus.InProgress, CallsModel: true });
            return new SessionEventPage(events, version, hasMore, running is null ? null : (running.Turn, SessionReplay.LastNumber(running)));
        }
    }

    public async Task<SessionCursor?> FindEndAsync(SessionKey key, CancellationToken cancellationToken)
    {
        await using var connection = await databases.Of(key).OpenConnectionAsync(cancellationToken);
        return await FindVersionAsync(connection, key, cancellationToken) is { } version ? new SessionCursor(version, int.MaxValue) : null;
    }

    private static async Task<int?> FindVersionAsync(NpgsqlConnection connection, SessionKey key, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection, "select version from conversations.session where tenant = $1 and session = $2 and deleted_at is null", key);
        return (int?)await command.ExecuteScalarAsync(cancellationToken);
    }

    private static async Task<List<VersionedTurn>> ReadTurnsAsync(
        NpgsqlConnection connection, SessionKey key, int version, int limit, CancellationToken cancellationToken)
    {
        var turns = new List<VersionedTurn>();
        await using (var command = Command(
            connection,
            $"""
             {JournalRows.TurnColumns}
             where t.tenant = $1 and t.session = $2 and t.ord >= conversations.first_turn_since($1, $2, $3)
             order by t.ord limit $4
             """,
            key,
            version,
            (long)limit))
        {
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            while (await row.ReadAsync(cancellationToken))
            {
                var turn = JournalRows.ReadTurn(row, out _, out _);
                turns.Add(new VersionedTurn(turn, row.GetInt32(19), Maybe(row, 20), Maybe(row, 21), []));
            }
        }

        if (turns.Find(t => t.Turn.FirstSeq is not null)?.Turn.FirstSeq is not { } first) return turns;
        var last = turns.FindLast(t => t.Turn.FirstSeq is not null)!.Turn;
        var items = await ReadItemsAsync(connection, key, first, last.FirstSeq!.Value + last.ItemCount, cancellationToken);
        return turns.ConvertAll(t => t with { Items = [.. items[t.Turn.Id]] });
    }

    private static async Task<ILookup<TurnId, (Item, int)>> ReadItemsAsync(
        NpgsqlConnection connection, SessionKey key, long from, long to, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            $"""
             select {JournalRows.ItemColumns}, i.version from conversations.item i
             where i.tenant = $1 and i.session = $2 and i.seq >= $3 and i.seq < $4 order by i.seq
             """,
            key,
            from,
            to);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<(Item Item, int Version)>();
        while (await row.ReadAsync(cancellationToken)) items.Add((JournalRows.ReadItem(row), row.GetInt32(8)));
        return items.ToLookup(i => i.Item.Id.Turn);
    }

    private static int? Maybe(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, SessionKey key, params ReadOnlySpan<object> more)
    {
        var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        foreach (var value in more) command.Parameters.AddWithValue(value);
        return command;
    }
}
