using System.Text.Json;

namespace Conversations.Load.Targets;

/// <summary>What every baseline speaks.</summary>
internal sealed class TurnWire : IHttpWire
{
    public string Path => "/turn";

    public byte[] Ask(string session, string text) => JsonSerializer.SerializeToUtf8Bytes(new { session, text });

    public bool IsAnswer(ReadOnlySpan<byte> body) => body.IndexOf("\"text\""u8) >= 0;
}
