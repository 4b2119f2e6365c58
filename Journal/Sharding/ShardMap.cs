using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Conversations.Sessions;

namespace Conversations.Journal.Sharding;

/// <summary>
/// Says in which of several databases a session lives: a hash of its name, and nothing that could be forgotten, decides. The hash is part
/// of what is on disk, and the same as <c>conversations.shard_of</c> in SQL.
/// </summary>
/// <param name="count">How many databases there are.</param>
public sealed class ShardMap(int count)
{
    /// <summary>There is one database.</summary>
    public static readonly ShardMap One = new(1);

    /// <summary>How many databases there are.</summary>
    public int Count => count;

    /// <summary>Which database has a session, from 0.</summary>
    public int IndexOf(SessionKey key) => IndexOf(key.Tenant, key.Id);

    /// <summary>As above; the name may be that of an erased session that is kept for its forks, <c>SESSION/VERSION</c>, which lies where the session did.</summary>
    public int IndexOf(string tenant, string session)
    {
        if (count == 1) return 0;
        var end = session.IndexOf('/', StringComparison.Ordinal);
        var name = Encoding.UTF8.GetBytes($"{tenant}/{(end < 0 ? session : session[..end])}");
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        return (int)(BinaryPrimitives.ReadUInt32BigEndian(hash) % (uint)count);
    }

    /// <summary>Whether two sessions live in the same database, as a fork and its parent must.</summary>
    public bool AreTogether(SessionKey one, SessionKey other) => count == 1 || IndexOf(one) == IndexOf(other);
}
