using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Conversations.Client.Auth;

/// <summary>Knows whose key a key is. It holds hashes alone.</summary>
internal sealed class ApiKeys(IOptions<TenantsOptions> options)
{
    private readonly FrozenDictionary<string, string> _tenants = options.Value.Tenants
        .SelectMany(tenant => tenant.Value.ApiKeys.Select(hash => KeyValuePair.Create(hash, tenant.Key)))
        .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>How many keys open anything.</summary>
    public int Count => _tenants.Count;

    /// <summary>The tenant that a key belongs to, or null.</summary>
    public string? TenantOf(string key) => _tenants.GetValueOrDefault(Hash(key));

    /// <summary>The form in which the configuration holds a key.</summary>
    public static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}
