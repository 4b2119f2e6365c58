using Conversations.Journal.Sharding;
using Conversations.Sessions;

namespace Conversations.Journal.Reading;

/// <summary>Finds the sessions that have had their time, and sweeps away what is left of deleted ones.</summary>
public interface IExpiredSessions
{
    /// <summary>Sessions of this lifetime without unfinished turns that nobody wrote for this long, oldest first.</summary>
    /// <param name="database">In which of the databases, from 0.</param>
    /// <param name="lifetime">Their lifetime.</param>
    /// <param name="unused">How long.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<ExpiredSession>> FindAsync(
        int database, SessionLifetime lifetime, TimeSpan unused, int limit, CancellationToken cancellationToken);

    /// <summary>Removes tombstones a day after the deletion: until then a silo that was paused over it may come back.</summary>
    /// <param name="database">In which of the databases, from 0.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>How many there were.</returns>
    Task<int> SweepTombstonesAsync(int database, int limit, CancellationToken cancellationToken);
}

/// <summary>A session that has had its time.</summary>
/// <param name="Key">The session.</param>
/// <param name="Version">Its head's version.</param>
public readonly record struct ExpiredSession(SessionKey Key, int Version);

/// <inheritdoc cref="IExpiredSessions"/>
internal sealed class ExpiredSessions(SessionDatabases databases) : IExpiredSessions
{
    public async Task<IReadOnlyList<ExpiredSession>> FindAsync(
        int database, SessionLifetime lifetime, TimeSpan unused, int limit, CancellationToken cancellationToken)
    {
        await using var command = databases.All[database].CreateCommand(
            """
            select s.tenant, s.session, s.version from conversations.session s
            where s.deleted_at is null and s.data ->> 'lifetime' = $1 and s.created_at < now() - $2 and s.updated_at < now() - $2
              and not exists (select from conversations.turn t where t.tenant = s.tenant and t.session = s.session and t.status < 2)
            order by s.created_at limit $3
            """);
        command.Parameters.AddWithValue(lifetime == SessionLifetime.Private ? "private" : "unnamed");
        command.Parameters.AddWithValue(unused);
        command.Parameters.AddWithValue((long)limit);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<ExpiredSession>();
        while (await row.ReadAsync(cancellationToken))
        {
            if (SessionKey.TryCreate(row.GetString(0), row.GetString(1), out var key)) found.Add(new ExpiredSession(key, row.GetInt32(2)));
        }

        return found;
    }

    public async Task<int> SweepTombstonesAsync(int database, int limit, CancellationToken cancellationToken)
    {
        // A fork of a session without items may still name one.
        await using var command = databases.All[database].CreateCommand(
            """
            with gone as (delete from conversations.erased_turn e where e.erased_at < now() - interval '24 hours')
            delete from conversations.session s
            where s.deleted_at is not null and (s.tenant, s.session) in (
              select h.tenant, h.session from conversations.session h
              where h.deleted_at < now() - interval '24 hours' and strpos(h.session, '/') = 0
                and not exists (select from conversations.session f where f.tenant = h.tenant and f.parent = h.session)
              order by h.deleted_at limit $1 for update skip locked)
            """);
        command.Parameters.AddWithValue((long)limit);
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
