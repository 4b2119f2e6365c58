using System.Security.Cryptography;
using System.Text;
using Conversations.Journal.Sharding;
using Conversations.Sessions;

namespace Conversations.Client.Sessions;

/// <summary>Session ids made by a gateway, for requests that name none. An id with this prefix names a session that exists.</summary>
internal static class MintedId
{
    private const string Prefix = "conv_";

    /// <summary>A new one: 128 bits of chance.</summary>
    public static SessionKey New(string tenant) => Key(tenant, RandomNumberGenerator.GetBytes(16));

    /// <summary>The one that a caller's idempotency key always leads to.</summary>
    public static SessionKey FromKey(string tenant, string idempotencyKey) =>
        Key(tenant, SHA256.HashData(Encoding.UTF8.GetBytes($"{tenant}\n{idempotencyKey}")).AsSpan(0, 16));

    /// <summary>The one that the key of a wish of another kind leads to: what it makes is not what a response of that key runs in.</summary>
    public static SessionKey FromKey(string tenant, string kind, string idempotencyKey) => FromKey(tenant, $"{kind}\n{idempotencyKey}");

    /// <summary>
    /// The first of a row of names that lives in the same database as the session that is to be forked: this one, or the next one that
    /// it leads to. The retry of a request with a key finds it again.
    /// </summary>
    public static SessionKey Beside(SessionKey parent, SessionKey name, ShardMap shards)
    {
        while (!shards.AreTogether(parent, name)) name = FromKey(name.Tenant, name.Id);
        return name;
    }

    /// <summary>Whether a gateway made this id.</summary>
    public static bool Is(string sessionId) => sessionId.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Whether using this session makes it. A minted one must exist, so that a typo is noticed.</summary>
    public static bool IsMadeOnUse(SessionKey key) => !Is(key.Id);

    private static SessionKey Key(string tenant, ReadOnlySpan<byte> bits) =>
        SessionKey.TryCreate(tenant, Prefix + Convert.ToHexStringLower(bits), out var key)
            ? key
            : throw new ArgumentException("No tenant's name.", nameof(tenant));
}
