using System.Globalization;

namespace Conversations.Journal.Reading;

/// <summary>A place in a session's own stream; as text <c>VERSION.INDEX</c>.</summary>
/// <param name="Version">The version of the head that the write made.</param>
/// <param name="Index">The place among the events of that write, from 0.</param>
public readonly record struct SessionCursor(int Version, int Index)
{
    /// <summary>Before everything.</summary>
    public static readonly SessionCursor Start = new(0, -1);

    /// <summary>Whether this comes after another.</summary>
    public bool IsAfter(SessionCursor other) => Version > other.Version || (Version == other.Version && Index > other.Index);

    /// <summary>Reads <c>VERSION.INDEX</c>; false if the text is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out SessionCursor cursor)
    {
        cursor = default;
        var dot = text.IndexOf('.');
        if (dot < 0
            || !int.TryParse(text[..dot], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || !int.TryParse(text[(dot + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
        {
            return false;
        }

        cursor = new SessionCursor(version, index);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}.{Index}");
}
