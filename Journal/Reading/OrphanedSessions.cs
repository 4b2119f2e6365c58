using Conversations.Sessions;
using Npgsql;

namespace Conversations.Journal.Reading;

/// <summary>Finds the sessions that somebody should look after.</summary>
public interface IOrphanedSessions
{
    /// <summary>
    /// Sessions with unfinished, unparked turns whose silo is no active member of the cluster, or whose turn is due, or that nobody wrote
    /// for 30 seconds. Waking a healthy one does no harm.
    /// </summary>
    Task<IReadOnlyList<SessionKey>> FindAsync(string clusterId, int limit, CancellationToken cancellationToken);
}

/// <inheritdoc cref="IOrphanedSessions"/>
internal sealed class OrphanedSessions(NpgsqlDataSource source) : IOrphanedSessions
{
    public async Task<IReadOnlyList<SessionKey>> FindAsync(string clusterId, int limit, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select s.tenant, s.session
            from conversations.session s
            where (s.tenant, s.session) in (select t.tenant, t.session from conversations.turn t where t.status < 2 and not t.parked)
              and (
                s.updated_at < now() - interval '30 seconds'
                or exists (select 1 from conversations.turn d
                           where d.tenant = s.tenant and d.session = s.session and d.status < 2 and d.due_at < now() - interval '1 second')
                or not exists (select 1 from orleans.cluster_member m
                               where m.cluster_id = $2 and m.status = 3 and m.address || ':' || m.port || '@' || m.generation = s.silo_address))
            order by s.updated_at
            limit $1
            """);
        command.Parameters.AddWithValue(limit);
        command.Parameters.AddWithValue(clusterId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<SessionKey>();
        while (await row.ReadAsync(cancellationToken))
        {
            if (SessionKey.TryCreate(row.GetString(0), row.GetString(1), out var key)) found.Add(key);
        }

        return found;
    }
}
