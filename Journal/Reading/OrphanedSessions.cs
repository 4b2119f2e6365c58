using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Npgsql;

namespace Conversations.Journal.Reading;

/// <summary>Finds the sessions that somebody should look after.</summary>
public interface IOrphanedSessions
{
    /// <summary>
    /// Sessions with unfinished turns, none of them parked, whose silo is no active member of the cluster, or whose turn is due, or that nobody wrote
    /// for 30 seconds. Waking a healthy one does no harm.
    /// </summary>
    /// <param name="database">In which of the databases, from 0.</param>
    /// <param name="clusterId">The cluster whose silos count.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<SessionKey>> FindAsync(int database, string clusterId, int limit, CancellationToken cancellationToken);
}

/// <inheritdoc cref="IOrphanedSessions"/>
internal sealed class OrphanedSessions(SessionDatabases databases, NpgsqlDataSource orleans) : IOrphanedSessions
{
    public async Task<IReadOnlyList<SessionKey>> FindAsync(int database, string clusterId, int limit, CancellationToken cancellationToken)
    {
        // Before the sessions: one that a silo took up since is at worst woken for nothing.
        var active = await FindActiveAsync(clusterId, cancellationToken);
        await using var command = databases.All[database].CreateCommand(
            """
            select s.tenant, s.session
            from conversations.session s
            where (s.tenant, s.session) in
                (select t.tenant, t.session from conversations.turn t where t.status < 2 group by t.tenant, t.session having not bool_or(t.parked))
              and (
                s.updated_at < now() - interval '30 seconds'
                or exists (select 1 from conversations.turn d
                           where d.tenant = s.tenant and d.session = s.session and d.status < 2 and d.due_at < now() - interval '1 second')
                or coalesce(s.silo_address, '') <> all($2))
            order by s.updated_at
            limit $1
            """);
        command.Parameters.AddWithValue(limit);
        command.Parameters.AddWithValue(active);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<SessionKey>();
        while (await row.ReadAsync(cancellationToken))
        {
            if (SessionKey.TryCreate(row.GetString(0), row.GetString(1), out var key)) found.Add(key);
        }

        return found;
    }

    // The members of the cluster are in one database, the sessions perhaps in another.
    private async Task<string[]> FindActiveAsync(string clusterId, CancellationToken cancellationToken)
    {
        await using var command = orleans.CreateCommand(
            "select m.address || ':' || m.port || '@' || m.generation from orleans.cluster_member m where m.cluster_id = $1 and m.status = 3");
        command.Parameters.AddWithValue(clusterId);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var active = new List<string>();
        while (await row.ReadAsync(cancellationToken)) active.Add(row.GetString(0));
        return [.. active];
    }
}
