using System.Diagnostics.CodeAnalysis;
using Conversations.Tenants;

namespace Conversations.Sessions;

/// <summary>
/// The name of one session: a tenant and the caller's stable session id. As text, and as grain key, it is <c>tenant/session</c>;
/// because of the <c>/</c> and the tenant's alphabet the storage provider never mistakes it for an integer or a GUID. Braces in the id
/// are written <c>%7B</c> and <c>%7D</c> there (an id has no <c>%</c> of its own), because the provider uses keys as format strings.
/// </summary>
public readonly record struct SessionKey
{
    /// <summary>The longest session id, in characters.</summary>
    public const int MaxIdLength = 256;

    /// <summary>What a session id may be, fit to be shown to a caller.</summary>
    public const string IdRule = "1 to 256 visible ASCII characters without spaces and without / \\ ? # %, and not '.' or '..'";

    private const string OpenBrace = "%7B";
    private const string CloseBrace = "%7D";

    private SessionKey(string tenant, string id)
    {
        Tenant = tenant;
        Id = id;
    }

    /// <summary>The tenant's name.</summary>
    public string Tenant { get; }

    /// <summary>The session id as the caller chose it; case and leading zeros count.</summary>
    public string Id { get; }

    /// <summary>Makes a key of an authenticated tenant and a caller's session id; false if either breaks its rule.</summary>
    public static bool TryCreate(string tenant, string id, out SessionKey key)
    {
        var valid = TenantName.IsValid(tenant) && IsValidId(id);
        key = valid ? new SessionKey(tenant, id) : default;
        return valid;
    }

    /// <summary>Reads <c>tenant/session</c>.</summary>
    /// <exception cref="FormatException">The text is no session key.</exception>
    public static SessionKey Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var id = text[(slash + 1)..].Replace(OpenBrace, "{", StringComparison.Ordinal).Replace(CloseBrace, "}", StringComparison.Ordinal);
        // One text, one key: braces that are not escaped name none.
        return slash > 0 && TryCreate(text[..slash], id, out var key) && key.ToString() == text
            ? key
            : throw new FormatException($"'{text}' is no session key (tenant/session).");
    }

    /// <summary>Whether <paramref name="id"/> can name a session; see <see cref="IdRule"/>.</summary>
    public static bool IsValidId([NotNullWhen(true)] string? id)
    {
        if (id is null || id.Length is 0 or > MaxIdLength || id is "." or "..") return false;
        foreach (var c in id)
        {
            if (c is <= ' ' or > '~' or '/' or '\\' or '?' or '#' or '%') return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Id is not null && Id.AsSpan().ContainsAny('{', '}')
        ? $"{Tenant}/{Id.Replace("{", OpenBrace, StringComparison.Ordinal).Replace("}", CloseBrace, StringComparison.Ordinal)}"
        : $"{Tenant}/{Id}";
}
