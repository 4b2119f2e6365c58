namespace Conversations.Tenants;

/// <summary>The rule for a tenant's name: 1–63 characters of <c>[a-z0-9-]</c>.</summary>
public static class TenantName
{
    /// <summary>The longest tenant name, in characters.</summary>
    public const int MaxLength = 63;

    /// <summary>Whether <paramref name="name"/> can name a tenant.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxLength) return false;
        foreach (var c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c != '-') return false;
        }

        return true;
    }
}
