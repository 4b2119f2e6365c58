using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;
using Npgsql;

namespace Conversations.Journal.Reading;

/// <inheritdoc cref="IJournalReader"/>
internal sealed class JournalReader(SessionDatabases databases) : IJournalReader
{
    public async Task<Session?> FindSessionAsync(SessionKey key, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"select {JournalRows.SessionColumns} from conversations.session s where s.tenant = $1 and s.session = $2 and {JournalRows.IsThere}",
            key);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? JournalRows.ReadSession(row) : null;
    }

    public async Task<SessionPage> ListSessionsAsync(
        string tenant,
        string? after,
        bool newestFirst,
        int limit,
        IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellationToken)
    {
        var last = after is null ? null : SessionKey.TryCreate(tenant, after, out var key) ? await FindSessionAsync(key, cancellationToken) : null;
        if (after is not null && last is null)
        {
            throw new RefusalException(RefusalCode.Invalid, "No conversation has the id in 'after'.", "after");
        }

        var list = new SessionList(tenant, last, newestFirst, limit, metadata);
        return list.Merge(await Task.WhenAll(databases.All.Select(database => list.ReadAsync(database, cancellationToken))));
    }

    public async Task<JournaledTurn?> FindTurnAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken)
    {
        await using var connection = await databases.Of(key).OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        // Two snapshots will do: the second sees at least what the first saw, and the row says how many items are whole.
        batch.BatchCommands.Add(Part(
            $"""
             {JournalRows.TurnColumns}
            where t.tenant = $1 and t.session = $2 and t.turn_id = coalesce(
              (select m.merged_into from conversations.turn m where m.tenant = $1 and m.session = $2 and m.turn_id = $3), $3)
            """,
            key,
            turn.Value));
        batch.BatchCommands.Add(Part(
            $"""
             select {JournalRows.ItemColumns}
             from conversations.turn t
             join conversations.item i on i.tenant = t.tenant and i.session = t.session
               and i.seq >= t.first_seq and i.seq < t.first_seq + t.item_count
             where t.tenant = $1 and t.session = $2 and t.turn_id = coalesce(
               (select m.merged_into from conversations.turn m where m.tenant = $1 and m.session = $2 and m.turn_id = $3), $3)
             order by i.seq
             """,
            key,
            turn.Value));
        batch.BatchCommands.Add(Part(
            """
            select count(q.ord) from conversations.turn t
            join conversations.turn q on q.tenant = t.tenant and q.session = t.session and q.status < 2 and q.ord < t.ord
            where t.tenant = $1 and t.session = $2 and t.turn_id = $3 and t.status < 2
            """,
            key,
            turn.Value));
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        var found = JournalRows.ReadTurn(row, out var input, out var silo);
        await row.NextResultAsync(cancellationToken);
        var items = ImmutableArray.CreateBuilder<Item>();
        while (await row.ReadAsync(cancellationToken)) items.Add(JournalRows.ReadItem(row));
        await row.NextResultAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var position = (int)row.GetInt64(0);
        if (found.FirstSeq is null)
        {
            items.AddRange(input.Select((body, index) => new Item(-1, new ItemId(found.Id, 0, index), ItemStatus.Completed, body)));
        }

        return new JournaledTurn(found, [.. items.Where(i => !i.IsOutput)], [.. items.Where(i => i.IsOutput)], silo, position);
    }

    public async Task<Turn?> FindReceiptAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken)
    {
        await using var command = Command($"{JournalRows.TurnColumns} where t.tenant = $1 and t.session = $2 and t.turn_id = $3", key, turn.Value);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? JournalRows.ReadTurn(row, out _, out _) : null;
    }

    public async Task<SessionMark> FindMarkAsync(SessionKey key, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "select s.version, coalesce((s.data ->> 'revision')::int, 0) from conversations.session s where s.tenant = $1 and s.session = $2", key);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? new SessionMark(row.GetInt32(0), row.GetInt32(1)) : new SessionMark(0, 0);
    }

    public async Task<bool> WasErasedAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken)
    {
        await using var command = Command(
            "select exists (select from conversations.erased_turn e where e.tenant = $1 and e.session = $2 and e.turn_id = $3)", key, turn.Value);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    public async Task<Item?> FindItemAsync(SessionKey key, ItemId item, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
             select {JournalRows.ItemColumns}
             from conversations.lineage($1, $2) l
             join conversations.turn t on t.tenant = $1 and t.session = l.session and t.turn_id = $3
             join conversations.item i on i.tenant = t.tenant and i.session = t.session and i.seq = t.first_seq + $4
             where i.turn_id = $3 and i.attempt = $5 and i.seq >= l.from_seq and i.seq < l.to_seq
             """,
            key,
            item.Turn.Value,
            (long)item.Index,
            (short)item.Attempt);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? JournalRows.ReadItem(row) : null;
    }

    public Task<IReadOnlyList<FoundItem>> FindItemsAsync(
        string tenant, IReadOnlyList<ItemId> items, ForkFrom? history, long most, CancellationToken cancellationToken) =>
        new ItemLookup(databases, tenant, history, most).FindAsync(items, cancellationToken);

    public async Task<IReadOnlyList<Item>> FindCallAsync(SessionKey key, string callId, CancellationToken cancellationToken)
    {
        await using var command = Command(
            $"""
             select {JournalRows.ItemColumns} from conversations.lineage($1, $2) l
             join conversations.item i on i.tenant = $1 and i.session = l.session and i.seq >= l.from_seq and i.seq < l.to_seq
             where not i.deleted and i.body ->> 'call_id' = $3 order by i.seq
             """,
            key,
            callId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var items = new List<Item>();
        while (await row.ReadAsync(cancellationToken)) items.Add(JournalRows.ReadItem(row));
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

        var (bound, order) = newestFirst ? ("<", "desc") : (">", "asc");
        await using var command = Command(
            $"""
             select f.* from conversations.lineage($1, $2) l cross join lateral (
               select {JournalRows.ItemColumns} from conversations.item i join conversations.turn t using (tenant, session, turn_id)
               where i.tenant = $1 and i.session = l.session and i.seq >= l.from_seq and i.seq < l.to_seq and i.seq {bound} $3
                 and not i.deleted and not t.superseded
               order by i.seq {order} limit $4) f
             order by f.seq {order} limit $4
             """,
            key,
            from,
            (long)limit + 1);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var items = ImmutableArray.CreateBuilder<Item>();
        while (await row.ReadAsync(cancellationToken)) items.Add(JournalRows.ReadItem(row));
        var hasMore = items.Count > limit;
        if (hasMore) items.RemoveAt(limit);
        return new ItemPage(items.ToImmutable(), hasMore, session.Silo);
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
        var command = databases.Of(key).CreateCommand(sql);
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        foreach (var value in more) command.Parameters.AddWithValue(value);
        return command;
    }
}
