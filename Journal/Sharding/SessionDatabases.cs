using Conversations.Sessions;
using Npgsql;

namespace Conversations.Journal.Sharding;

/// <summary>The databases that hold sessions, each with a pool of its own.</summary>
/// <param name="sources">The databases, in the order of the configuration.</param>
public sealed class SessionDatabases(IReadOnlyList<NpgsqlDataSource> sources)
{
    /// <summary>The databases, in their order.</summary>
    public IReadOnlyList<NpgsqlDataSource> All => sources;

    /// <summary>Which of them has which session.</summary>
    public ShardMap Map { get; } = new(sources.Count);

    /// <summary>The one that has a session.</summary>
    public NpgsqlDataSource Of(SessionKey key) => sources[Map.IndexOf(key)];

    /// <summary>As above; see <see cref="ShardMap.IndexOf(string, string)"/>.</summary>
    public NpgsqlDataSource Of(string tenant, string session) => sources[Map.IndexOf(tenant, session)];

    /// <summary>Which one of how many.</summary>
    public Shard Shard(int index) => new(index + 1, sources.Count);
}
