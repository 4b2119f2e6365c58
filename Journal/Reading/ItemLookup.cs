using Conversations.History;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Npgsql;

namespace Conversations.Journal.Reading;

/// <summary>Finds items of a tenant by their names alone: any of the databases may have any of them.</summary>
/// <param name="databases">The databases.</param>
/// <param name="tenant">The tenant.</param>
/// <param name="history">The history that they are compared with; null: none.</param>
/// <param name="most">How many characters they may have in all, as they are stored.</param>
internal sealed class ItemLookup(SessionDatabases databases, string tenant, ForkFrom? history, long most)
{
    // As many as a list shows: so many may be read before the bound is seen.
    private const int AtOnce = 100;

    // One probe for each turn and one for each item, however long the session: what lies behind an offset is not mixed with the rest.
    // Of an erased session that is kept for its forks, what one of them begins with is found. Of a response that was deleted only the
    // items of a conversation that its caller named are.
    private const string Query =
        $"""
        select {JournalRows.ItemColumns}, l.session is not null and not t.superseded and i.seq < coalesce((
            select p.first_seq + p.item_count from conversations.turn p
            where p.tenant = $1 and p.session = $5 and p.turn_id = coalesce(
              (select m.merged_into from conversations.turn m where m.tenant = $1 and m.session = $5 and m.turn_id = $6), $6)), i.seq + 1)
        from unnest($2::uuid[], $3::smallint[], $4::int[]) as r(turn_id, attempt, idx)
        cross join lateral (
          select o.session, o.first_seq + r.idx as seq, o.superseded from conversations.turn o
          where o.tenant = $1 and o.turn_id = r.turn_id and (o.options ->> 'store' = 'true' or o.options ->> 'names_session' = 'true') offset 0) t
        cross join lateral (
          select * from conversations.item n
          where n.tenant = $1 and n.session = t.session and n.seq = t.seq and n.turn_id = r.turn_id and n.attempt = r.attempt and not n.deleted offset 0) i
        join conversations.session s on s.tenant = $1 and s.session = t.session
        left join conversations.lineage($1, $5) l on l.session = i.session and i.seq >= l.from_seq and i.seq < l.to_seq
        where {JournalRows.IsThere} or exists (
          select from conversations.session f where f.tenant = $1 and f.parent = s.session and strpos(s.session, '/') > 0 and i.seq < f.parent_seq
            and f.data ->> 'lifetime' is distinct from 'private')
        """;

    public async Task<IReadOnlyList<FoundItem>> FindAsync(IReadOnlyList<ItemId> items, CancellationToken cancellationToken)
    {
        var (found, left) = (new List<FoundItem>(), most);
        foreach (var some in items.Chunk(AtOnce))
        {
            foreach (var (part, length) in await Task.WhenAll(databases.All.Select(database => ReadAsync(database, some, left, cancellationToken))))
            {
                found.AddRange(part);
                left -= length;
            }

            if (left < 0) throw new RefusalException(RefusalCode.TooLarge, $"The items that are referred to have more than {most} characters in all: refer to fewer.", "input");
        }

        return found;
    }

    private async Task<(List<FoundItem> Found, long Length)> ReadAsync(
        NpgsqlDataSource database, ItemId[] items, long limit, CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand(Query);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(Array.ConvertAll(items, item => item.Turn.Value));
        command.Parameters.AddWithValue(Array.ConvertAll(items, item => (short)item.Attempt));
        command.Parameters.AddWithValue(Array.ConvertAll(items, item => item.Index));
        command.Parameters.Add(new NpgsqlParameter { Value = history?.Session ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text });
        command.Parameters.Add(new NpgsqlParameter { Value = history?.AfterTurn?.Value ?? (object)DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var (found, length) = (new List<FoundItem>(), 0L);
        while (length <= limit && await row.ReadAsync(cancellationToken))
        {
            length += row.GetString(7).Length;
            found.Add(new FoundItem(JournalRows.ReadItem(row), row.GetBoolean(8)));
        }

        return (found, length);
    }
}
