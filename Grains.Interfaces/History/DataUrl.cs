using System.Buffers;

namespace Conversations.History;

/// <summary>Bytes inside a text: <c>data:image/png;base64,…</c> (RFC 2397, in base64 alone).</summary>
/// <param name="MediaType">What the bytes are, in lower case and without parameters.</param>
/// <param name="Base64">The bytes, in base64.</param>
public readonly record struct DataUrl(string MediaType, ReadOnlyMemory<char> Base64)
{
    private const string Scheme = "data:";
    private const string InBase64 = ";base64";

    private static readonly SearchValues<char> OfTypes =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/.+-_!#$&^");

    /// <summary>How many bytes there are.</summary>
    public int Length => System.Buffers.Text.Base64.IsValid(Base64.Span, out var length) ? length : 0;

    /// <summary>The bytes.</summary>
    public byte[] ToArray() => Convert.FromBase64CharArray(Base64.ToArray(), 0, Base64.Length);

    /// <summary>Whether a text means to be a data URL.</summary>
    public static bool IsMeant(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads one; false if it is not well formed, or not in base64.</summary>
    public static bool TryParse(string text, out DataUrl url)
    {
        url = default;
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        if (!IsMeant(text) || comma < 0) return false;
        var head = text.AsSpan(Scheme.Length, comma - Scheme.Length);
        if (!head.EndsWith(InBase64, StringComparison.OrdinalIgnoreCase)) return false;
        var type = head[..head.IndexOf(';')];
        var slash = type.IndexOf('/');
        if (slash <= 0 || slash == type.Length - 1 || type.IndexOfAnyExcept(OfTypes) >= 0) return false;
        var data = text.AsMemory(comma + 1);
        if (!System.Buffers.Text.Base64.IsValid(data.Span)) return false;
        url = new DataUrl(type.ToString().ToLowerInvariant(), data);
        return true;
    }
}
