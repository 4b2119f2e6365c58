namespace Conversations.Client.Auth;

/// <summary>Who may call; the section <c>Tenants</c>: a name each, of 1 to 63 characters of <c>[a-z0-9-]</c>.</summary>
public sealed class TenantsOptions
{
    /// <summary>The tenants by name. Default: none; in Development <c>dev</c> with the key <c>dev-key</c>.</summary>
    public Dictionary<string, TenantOptions> Tenants { get; } = new(StringComparer.Ordinal);
}

/// <summary>One tenant; the section <c>Tenants:name</c>.</summary>
public sealed class TenantOptions
{
    /// <summary>The SHA-256 of each of its API keys, as 64 hexadecimal digits of either case. Default: none.</summary>
    public IList<string> ApiKeys { get; } = [];
}
