using System.Buffers.Text;
using System.Text;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.OpenAI.Shapes;

/// <summary>
/// A response's id: which turn of which session, so that any gateway finds it without a lookup. It carries no authority: the tenant
/// comes from the key.
/// </summary>
/// <param name="Session">The session id.</param>
/// <param name="Turn">The turn.</param>
internal readonly record struct ResponseId(string Session, TurnId Turn)
{
    private const string Prefix = "resp_";
    private const int MaxLength = 400;
    private const byte Format = 1;
    private const int Head = 1 + 16;

    /// <summary>Reads an id; false if no gateway ever wrote it.</summary>
    public static bool TryParse(string? text, out ResponseId id)
    {
        id = default;
        if (text is null || text.Length > MaxLength || !text.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        Span<byte> bytes = stackalloc byte[MaxLength];
        if (!Base64Url.IsValid(text.AsSpan(Prefix.Length)) || !Base64Url.TryDecodeFromChars(text.AsSpan(Prefix.Length), bytes, out var length)) return false;
        if (length <= Head || bytes[0] != Format) return false;
        id = new ResponseId(Encoding.ASCII.GetString(bytes[Head..length]), new TurnId(new Guid(bytes[1..Head], bigEndian: true)));
        return SessionKey.IsValidId(id.Session) && id.ToString() == text;
    }

    public override string ToString()
    {
        var bytes = new byte[Head + Session.Length];
        bytes[0] = Format;
        Turn.Value.TryWriteBytes(bytes.AsSpan(1), bigEndian: true, out _);
        Encoding.ASCII.GetBytes(Session, bytes.AsSpan(Head));
        return Prefix + Base64Url.EncodeToString(bytes);
    }
}
