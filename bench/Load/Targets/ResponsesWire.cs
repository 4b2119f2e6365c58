using System.Text.Json;
using Conversations.NullModel;

namespace Conversations.Load.Targets;

/// <summary>The dialect of OpenAI's Responses and Conversations.</summary>
internal sealed class ResponsesWire : IHttpWire
{
    public string Path => "/v1/responses";

    public byte[] Ask(string session, string text) =>
        JsonSerializer.SerializeToUtf8Bytes(new { model = NullChat.Provider, conversation = session, input = text });

    public bool IsAnswer(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isStatus = reader.ValueTextEquals("status"u8);
            reader.Read();
            if (isStatus) return reader.ValueTextEquals("completed"u8);
            reader.Skip();
        }

        return false;
    }
}
