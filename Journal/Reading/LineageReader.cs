using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;
using Npgsql;

namespace Conversations.Journal.Reading;

/// <inheritdoc cref="ILineageReader"/>
internal sealed class LineageReader(SessionDatabases databases) : ILineageReader
{
    // As much as an activation loads.
    private const long MostText = 8 * 1024 * 1024;
    private const int MostItems = 2_000;

    // No summary is longer than this as it is stored; whatever is, is not read to find one.
    private const int LongestSummary = 65_536;

    public async Task<ForkOrigin> FindForkAsync(string tenant, ForkFrom from, int window, CancellationToken cancellationToken)
    {
        await using var connection = await databases.Of(tenant, from.Session).OpenConnectionAsync(cancellationToken);
        var (end, windowFrom) = await FindEndAsync(connection, tenant, from, cancellationToken)
            ?? throw new RefusalException(RefusalCode.SessionNotFound, "There is no such conversation.", "conversation");
        var (turn, seq) = (null as Turn, end);
        if ((from.AtItem ?? from.BeforeItem) is { } item)
        {
            turn = await FindTurnOfAsync(connection, tenant, from.Session, item, cancellationToken);
            seq = turn?.FirstSeq + item.Index + (from.AtItem is null ? 0 : 1)
                ?? throw new RefusalException(RefusalCode.ItemNotFound, "There is no such item in this conversation.", from.AtItem is null ? "before_item" : "at_item");
        }
        else if (from.AfterTurn is { } after)
        {
            turn = await FindTurnAsync(connection, tenant, from.Session, after, cancellationToken)
                ?? throw new RefusalException(RefusalCode.TurnNotFound, "There is no such response in this conversation.", "previous_response_id");
            seq = turn.FirstSeq + turn.ItemCount ?? 0;
        }

        var owner = await FindOwnerAsync(connection, tenant, from.Session, seq - 1, cancellationToken);
        // What the session would load for itself has the summary that its items go on from; further back that is an older one.
        var start = seq > windowFrom ? windowFrom : await FindSummaryAsync(connection, tenant, from.Session, seq, cancellationToken) ?? seq;
        var limit = (int)Math.Clamp(seq - start, window, MostItems);
        return new ForkOrigin(new Parent(owner, seq), turn, await ReadBeforeAsync(connection, tenant, from.Session, seq, limit, cancellationToken));
    }

    public async Task<IReadOnlyList<Item>> ReadBeforeAsync(SessionKey key, long seq, int limit, CancellationToken cancellationToken)
    {
        await using var connection = await databases.Of(key).OpenConnectionAsync(cancellationToken);
        return await ReadBeforeAsync(connection, key.Tenant, key.Id, seq, limit, cancellationToken);
    }

    public async Task<string> FindOwnerAsync(SessionKey key, long seq, CancellationToken cancellationToken)
    {
        await using var connection = await databases.Of(key).OpenConnectionAsync(cancellationToken);
        return await FindOwnerAsync(connection, key.Tenant, key.Id, seq, cancellationToken);
    }

    public async Task<ImmutableArray<long>> FindErasedAsync(SessionKey key, long from, long to, CancellationToken cancellationToken)
    {
        await using var command = databases.Of(key).CreateCommand(
            """
            select i.seq from conversations.lineage($1, $2) l
            join conversations.item i on i.tenant = $1 and i.session = l.session and i.seq >= greatest(l.from_seq, $3) and i.seq < least(l.to_seq, $4)
            where i.deleted
            """);
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        command.Parameters.AddWithValue(from);
        command.Parameters.AddWithValue(to);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var erased = ImmutableArray.CreateBuilder<long>();
        while (await row.ReadAsync(cancellationToken)) erased.Add(row.GetInt64(0));
        return erased.ToImmutable();
    }

    public async Task<IReadOnlyList<SessionKey>> FindSharersAsync(string tenant, string owner, long seq, CancellationToken cancellationToken)
    {
        await using var command = databases.Of(tenant, owner).CreateCommand(
            """
            with recursive family as (
              select s.session from conversations.session s where s.tenant = $1 and s.parent = $2 and s.parent_seq > $3
              union all
              select s.session from family f join conversations.session s on s.tenant = $1 and s.parent = f.session)
            select session from family
            """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(owner);
        command.Parameters.AddWithValue(seq);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var sharers = new List<SessionKey>();
        while (await row.ReadAsync(cancellationToken))
        {
            if (SessionKey.TryCreate(tenant, row.GetString(0), out var sharer)) sharers.Add(sharer);
        }

        return sharers;
    }

    // Where the items of unfinished turns begin: what they are still to become is nobody's to build on.
    private static async Task<(long End, long WindowFrom)?> FindEndAsync(NpgsqlConnection connection, string tenant, ForkFrom from, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            $"""
             select coalesce(
               (select min(t.first_seq) from conversations.turn t where t.tenant = $1 and t.session = $2 and t.status < 2), s.item_count), s.window_from
             from conversations.session s
             where s.tenant = $1 and s.session = $2 and {(from.OwnsSession ? "s.deleted_at is null" : JournalRows.IsThere)}
             """,
            tenant,
            from.Session);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? (row.GetInt64(0), row.GetInt64(1)) : null;
    }

    // The last one before a place, if it is among as many items as an activation loads.
    private static async Task<long?> FindSummaryAsync(
        NpgsqlConnection connection, string tenant, string session, long seq, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            """
            select max(i.seq) from conversations.lineage($1, $2) l
            join conversations.item i on i.tenant = $1 and i.session = l.session and i.seq >= l.from_seq and i.seq < l.to_seq
            join conversations.turn t on t.tenant = i.tenant and t.session = i.session and t.turn_id = i.turn_id
            where i.seq < $3 and i.seq >= $4 and not t.superseded
              and case when pg_column_size(i.body) < $5 then i.body ->> 'type' = 'compaction' end
            """,
            tenant,
            session,
            seq,
            seq - MostItems,
            LongestSummary);
        return await command.ExecuteScalarAsync(cancellationToken) as long?;
    }

    private static async Task<Turn?> FindTurnAsync(
        NpgsqlConnection connection, string tenant, string session, TurnId turn, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection, $"{JournalRows.TurnColumns} where t.tenant = $1 and t.session = $2 and t.turn_id = $3", tenant, session, turn.Value);
        return await ReadTurnAsync(command, cancellationToken);
    }

    private static async Task<Turn?> FindTurnOfAsync(
        NpgsqlConnection connection, string tenant, string session, ItemId item, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            $"""
             {JournalRows.TurnColumns}
             join conversations.lineage($1, $2) l on l.session = t.session
             join conversations.item i on i.tenant = t.tenant and i.session = t.session and i.seq = t.first_seq + $4
             where t.tenant = $1 and t.turn_id = $3 and i.turn_id = $3 and i.attempt = $5 and not i.deleted and i.seq >= l.from_seq and i.seq < l.to_seq
             """,
            tenant,
            session,
            item.Turn.Value,
            (long)item.Index,
            (short)item.Attempt);
        return await ReadTurnAsync(command, cancellationToken);
    }

    private static async Task<Turn?> ReadTurnAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        return await row.ReadAsync(cancellationToken) ? JournalRows.ReadTurn(row, out _, out _) : null;
    }

    private static async Task<string> FindOwnerAsync(
        NpgsqlConnection connection, string tenant, string session, long seq, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection, "select l.session from conversations.lineage($1, $2) l where $3 >= l.from_seq and $3 < l.to_seq", tenant, session, seq);
        return await command.ExecuteScalarAsync(cancellationToken) as string ?? session;
    }

    private static async Task<ImmutableArray<Item>> ReadBeforeAsync(
        NpgsqlConnection connection, string tenant, string session, long seq, int limit, CancellationToken cancellationToken)
    {
        await using var command = Command(
            connection,
            $"""
             select f.* from conversations.lineage($1, $2) l cross join lateral (
               select {JournalRows.ItemColumns} from conversations.item i join conversations.turn t using (tenant, session, turn_id)
               where i.tenant = $1 and i.session = l.session and i.seq >= l.from_seq and i.seq < l.to_seq and i.seq < $3 and not t.superseded
               order by i.seq desc limit $4) f
             order by f.seq desc limit $4
             """,
            tenant,
            session,
            seq,
            (long)limit);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var items = ImmutableArray.CreateBuilder<Item>();
        for (var length = 0L; length < MostText && await row.ReadAsync(cancellationToken); length += row.IsDBNull(7) ? 0 : row.GetString(7).Length)
        {
            items.Add(JournalRows.ReadItem(row));
        }

        items.Reverse();
        return items.ToImmutable();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values) command.Parameters.AddWithValue(value);
        return command;
    }
}
