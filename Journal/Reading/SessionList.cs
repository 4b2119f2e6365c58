using Conversations.Sessions;
using Npgsql;

namespace Conversations.Journal.Reading;

/// <summary>A page of a tenant's sessions by age, of which each database has a part: every part is in order, and as long as the page.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="after">The session before the page; null: the page is the first.</param>
/// <param name="newestFirst">The order.</param>
/// <param name="limit">How many at the most.</param>
/// <param name="metadata">What their metadata has.</param>
internal sealed class SessionList(string tenant, Session? after, bool newestFirst, int limit, IReadOnlyDictionary<string, string> metadata)
{
    public async Task<List<Session>> ReadAsync(NpgsqlDataSource database, CancellationToken cancellationToken)
    {
        var (bound, order) = newestFirst ? ("<", "desc") : (">", "asc");
        await using var command = database.CreateCommand(
            $"""
             select {JournalRows.SessionColumns} from conversations.session s
             where s.tenant = $1 and {JournalRows.IsThere}
               and ($2::text is null or (s.created_at, s.session) {bound} ($6::timestamptz, $2))
               and not exists (
                 select from unnest($4::text[], $5::text[]) as m(key, value) where s.data -> 'metadata' ->> m.key is distinct from m.value)
             order by s.created_at {order}, s.session {order} limit $3
             """);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(after is null ? DBNull.Value : after.Id);
        command.Parameters.AddWithValue((long)limit + 1);
        command.Parameters.AddWithValue(metadata.Keys.ToArray());
        command.Parameters.AddWithValue(metadata.Values.ToArray());
        command.Parameters.AddWithValue(after is null ? DBNull.Value : after.CreatedAt.ToUniversalTime());
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var sessions = new List<Session>();
        while (await row.ReadAsync(cancellationToken)) sessions.Add(JournalRows.ReadSession(row));
        return sessions;
    }

    public SessionPage Merge(IReadOnlyList<List<Session>> parts)
    {
        // As the databases order: by bytes.
        var all = parts is [var only]
            ? only
            : [.. newestFirst
                ? parts.SelectMany(p => p).OrderByDescending(s => s.CreatedAt).ThenByDescending(s => s.Id, StringComparer.Ordinal)
                : parts.SelectMany(p => p).OrderBy(s => s.CreatedAt).ThenBy(s => s.Id, StringComparer.Ordinal)];
        return new SessionPage([.. all.Take(limit)], all.Count > limit);
    }
}
