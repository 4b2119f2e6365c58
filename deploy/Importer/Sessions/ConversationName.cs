using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Conversations.Importer.Sessions;

/// <summary>
/// A session's id as a conversation's. What a conversation's id cannot hold is written as <c>~</c> and the two upper-case hexadecimal
/// digits of each of its UTF-8 bytes; so is a <c>~</c> that would read as such, and the first letter of an id that looks minted. An id that
/// is legal stays as it is, and two ids never become one.
/// </summary>
internal static class ConversationName
{
    private const int Longest = 256;

    /// <summary>The conversation's id; false if it would be too long, or there is none.</summary>
    public static bool TryWrite(ReadOnlySpan<byte> session, [NotNullWhen(true)] out string? name)
    {
        var written = new StringBuilder();
        var mustChange = session.SequenceEqual("."u8) || session.SequenceEqual(".."u8) || session.StartsWith("conv_"u8);
        for (var i = 0; i < session.Length; i++)
        {
            var b = session[i];
            var isEscape = b == '~' && i + 2 < session.Length && IsDigit(session[i + 1]) && IsDigit(session[i + 2]);
            if (isEscape || (i == 0 && mustChange) || b is <= (byte)' ' or > (byte)'~' or (byte)'/' or (byte)'\\' or (byte)'?' or (byte)'#' or (byte)'%')
                written.Append('~').Append(b.ToString("X2", null));
            else
                written.Append((char)b);
        }

        name = written.ToString();
        return name.Length is > 0 and <= Longest;
    }

    /// <summary>The session's id that a conversation's was made of.</summary>
    public static byte[] Read(string name)
    {
        var bytes = new List<byte>();
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '~' && i + 2 < name.Length && IsDigit((byte)name[i + 1]) && IsDigit((byte)name[i + 2]))
            {
                bytes.Add(Convert.ToByte(name.Substring(i + 1, 2), 16));
                i += 2;
            }
            else
            {
                bytes.Add((byte)name[i]);
            }
        }

        return [.. bytes];
    }

    private static bool IsDigit(byte b) => b is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'F');
}
