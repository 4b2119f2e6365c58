using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Rows;
using Conversations.Sessions;
using Conversations.Turns;
using Npgsql;

namespace Conversations.Journal.Reading;

/// <inheritdoc cref="IJournalReader"/>
internal sealed class JournalReader(NpgsqlDataSource source) : IJournalReader
{
    private const string ItemColumns = "i.seq, i.turn_id, i.attempt, i.idx, i.status, i.first_event, i.deltas, i.body";

    private const string TurnColumns =
        """
        select t.turn_id, t.ord, t.status, t.calls_model, t.first_seq, t.input_count, t.item_count, t.was_queued, t.parked,
        t.superseded, t.merged_into, t.due_at, t.created_at, t.ended_at, t.fingerprint, t.options, t.progress, t.input, s.silo
        from conversations.turn t join conversations.session s using (tenant, session)
        """;

    public async Task<Session?> FindSessionAsync(SessionKey key, CancellationToken cancellationToken)
    {
        await using var command = Command(
            """
            select s.created_at, s.item_count, s.silo, s.data from conversations.session s
            where s.tenant = $1 and s.session = $2 and s.deleted_at is null
            """,
            key);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        return new Session
        {
            Id = key.Id,
            CreatedAt = row.GetFieldValue<DateTimeOffset>(0),
            ItemCount = row.GetInt64(1),
            Silo = row.IsDBNull(2) ? null : row.GetString(2),
            Metadata = JournalJson.ReadData(row.GetString(3)).Metadata?.ToImmutableSortedDictionary(StringComparer.Ordinal)
                ?? ImmutableSortedDictionary<string, string>.Empty,
        };
    }

    public async Task<JournaledTurn?> FindTurnAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        // Two snapshots will do: the second sees at least what the first saw, and the row says how many items are whole.
        batch.BatchCommands.Add(Part(
            $"""
             {TurnColumns}
            where t.tenant = $1 and t.session = $2 and t.turn_id = coalesce(
              (select m.merged_into from conversations.turn m where m.tenant = $1 and m.session = $2 and m.turn_id = $3), $3)
            """,
            key,
            turn.Value));
        batch.BatchCommands.Add(Part(
            $"""
             select {ItemColumns}
             from conversations.turn t
             join conversations.item i on i.tenant = t.tenant and i.session = t.session
               and i.seq >= t.first_seq and i.seq < t.first_seq + t.item_count
             where t.tenant = $1 and t.session = $2 and t.turn_id = coalesce(
               (select m.merged_into from conversations.turn m where m.tenant = $1 and m.session = $2 and m.turn_id = $3), $3)
             order by i.seq
             """,
            key,
            turn.Value));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        var found = ReadTurn(row, out var input, out var silo);
        await row.NextResultAsync(cancellationToken);
        var items = ImmutableArray.CreateBuilder<Item>();
        while (await row.ReadAsync(cancellationToken)) items.Add(ReadItem(row));
        if (found.FirstSeq is null)
        {
            items.AddRange(input.Select((body, index) => new Item(-1, new ItemId(found.Id, 0, index), ItemStatus.Completed, body)));
        }

        return new JournaledTurn(found, [.. items.Where(i => !i.IsOutput)], [.. items.Where(i => i.IsOutput)], silo);
    }

    public async Task<Turn?> FindReceiptAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken)
    {
        await using var command = Command($"{TurnColumns} where t.tenant = $1 and t.session = $2 and t.turn_id = $3", key, turn.Value);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? ReadTurn(row, out _, out _) : null;
    }

    public async Task<Item?> FindItemAsync(SessionKey key, ItemId item, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
             select {ItemColumns}
             from conversations.turn t
             join conversations.item i on i.tenant = t.tenant and i.session = t.session and i.seq = t.first_seq + $4
             where t.tenant = $1 and t.session = $2 and t.turn_id = $3 and i.turn_id = $3 and i.attempt = $5
             """,
            key,
            item.Turn.Value,
            (long)item.Index,
            (short)item.Attempt);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? ReadItem(row) : null;
    }

    public async Task<IReadOnlyList<Item>> FindCallAsync(SessionKey key, string callId, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
             select {ItemColumns} from conversations.item i
             where i.tenant = $1 and i.session = $2 and not i.deleted and i.body ->> 'call_id' = $3 order by i.seq
             """,
            key,
            callId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<Item>();
        while (await row.ReadAsync(cancellationToken)) items.Add(ReadItem(row));
        return items;
    }

    public async Task<ItemPage?> ListItemsAsync(
        SessionKey key, ItemId? after, bool newestFirst, int limit, CancellationToken cancellationToken)
    {
        if (await FindSessionAsync(key, cancellationToken) is not { } session) return null;
        var from = newestFirst ? long.MaxValue : -1;
        if (after is { } id)
        {
            from = (await FindItemAsync(key, id, cancellationToken))?.Seq
                ?? throw new RefusalException(RefusalCode.Invalid, "No item with the id in 'after' is in this conversation.", "after");
        }

        await using var command = Command(
            newestFirst
                ? $"""
                   select {ItemColumns} from conversations.item i join conversations.turn t using (tenant, session, turn_id)
                   where i.tenant = $1 and i.session = $2 and i.seq < $3 and not i.deleted and not t.superseded order by i.seq desc limit $4
                   """
                : $"""
                   select {ItemColumns} from conversations.item i join conversations.turn t using (tenant, session, turn_id)
                   where i.tenant = $1 and i.session = $2 and i.seq > $3 and not i.deleted and not t.superseded order by i.seq limit $4
                   """,
            key,
            from,
            (long)limit + 1);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var items = ImmutableArray.CreateBuilder<Item>();
        while (await row.ReadAsync(cancellationToken)) items.Add(ReadItem(row));
        var hasMore = items.Count > limit;
        if (hasMore) items.RemoveAt(limit);
        return new ItemPage(items.ToImmutable(), hasMore, session.Silo);
    }

    private static Item ReadItem(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new ItemId(new TurnId(row.GetGuid(1)), row.GetInt16(2), row.GetInt32(3)),
        (ItemStatus)row.GetInt16(4),
        row.IsDBNull(7) ? null : JournalJson.ReadBody(row.GetString(7)),
        row.IsDBNull(5)
            ? null
            : new Emission(row.GetInt32(5), new DeltaLengths(row.IsDBNull(6) ? default(ReadOnlyMemory<byte>) : row.GetFieldValue<byte[]>(6))));

    private static Turn ReadTurn(NpgsqlDataReader row, out IReadOnlyList<ItemBody> input, out string? silo)
    {
        input = row.IsDBNull(17) ? [] : JournalJson.ReadInput(row.GetString(17));
        silo = row.IsDBNull(18) ? null : row.GetString(18);
        return new TurnRow
        {
            TurnId = row.GetGuid(0),
            Ord = row.GetInt64(1),
            Status = row.GetInt16(2),
            CallsModel = row.GetBoolean(3),
            Attempt = 0,
            FirstSeq = row.IsDBNull(4) ? null : row.GetInt64(4),
            InputCount = row.GetInt32(5),
            ItemCount = row.GetInt32(6),
            WasQueued = row.GetBoolean(7),
            Parked = row.GetBoolean(8),
            Superseded = row.GetBoolean(9),
            MergedInto = row.IsDBNull(10) ? null : row.GetGuid(10),
            DueAt = row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(12),
            EndedAt = row.IsDBNull(13) ? null : row.GetFieldValue<DateTimeOffset>(13),
            Fingerprint = Bytea.Write(row.GetFieldValue<byte[]>(14)),
            Options = JournalJson.ReadOptions(row.GetString(15)),
            Progress = row.IsDBNull(16) ? null : JournalJson.ReadProgress(row.GetString(16)),
        }.ToTurn();
    }

    private static NpgsqlBatchCommand Part(string sql, SessionKey key, Guid turn)
    {
        var part = new NpgsqlBatchCommand(sql);
        part.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Tenant });
        part.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key.Id });
        part.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = turn });
        return part;
    }

    private NpgsqlCommand Command(string sql, SessionKey key, params ReadOnlySpan<object> more)
    {
        var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        foreach (var value in more) command.Parameters.AddWithValue(value);
        return command;
    }
}
