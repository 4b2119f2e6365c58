using Npgsql;

namespace Conversations.Chaos.World;

/// <summary>Which silos were given up by the others, by the cluster's own table.</summary>
internal static class Membership
{
    /// <summary>Name and generation of each silo that others voted dead. Empty while the database does not answer.</summary>
    public static async Task<IReadOnlySet<string>> GivenUpAsync(NpgsqlDataSource database, CancellationToken stop)
    {
        var dead = new HashSet<string>();
        try
        {
            await using var command = database.CreateCommand(
                "select silo_name || '@' || generation from orleans.cluster_member where status = 6 and coalesce(suspect_times, '') <> ''");
            await using var row = await command.ExecuteReaderAsync(stop);
            while (await row.ReadAsync(stop)) dead.Add(row.GetString(0));
        }
        catch (NpgsqlException)
        {
            // It is what is broken just now.
        }

        return dead;
    }
}
