using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Conversations.Client.OpenAI.Wire;

namespace Conversations.Client.OpenAI.Shapes;

/// <summary>Writes frames of server-sent events. Each is handed on whole, in one span: some clients lose one that is split.</summary>
internal sealed class EventFrame : IDisposable
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;

    public EventFrame() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = WireJson.Context.Options.Encoder, SkipValidation = true });

    /// <summary>A comment, which keeps a silent connection alive.</summary>
    public static ReadOnlySpan<byte> KeepAlive => ": keep-alive\n\n"u8;

    /// <summary>The end of a stream.</summary>
    public static ReadOnlySpan<byte> Done => "data: [DONE]\n\n"u8;

    /// <summary>The frame of an event; it lives until the next is written.</summary>
    public ReadOnlySpan<byte> Write(WireEvent written, string? id = null) => Write(written.Type, written, WireJson.Context.WireEvent, id);

    /// <summary>The frame of an error.</summary>
    public ReadOnlySpan<byte> Write(WireErrorEvent written) => Write(written.Type, written, WireJson.Context.WireErrorEvent);

    public void Dispose() => _json.Dispose();

    private ReadOnlySpan<byte> Write<T>(string type, T data, JsonTypeInfo<T> shape, string? id = null)
    {
        _buffer.ResetWrittenCount();
        if (id is not null)
        {
            _buffer.Write("id: "u8);
            Encoding.ASCII.GetBytes(id, _buffer);
            _buffer.Write("\n"u8);
        }

        _buffer.Write("event: "u8);
        Encoding.UTF8.GetBytes(type, _buffer);
        _buffer.Write("\ndata: "u8);
        _json.Reset();
        JsonSerializer.Serialize(_json, data, shape);
        _json.Flush();
        _buffer.Write("\n\n"u8);
        return _buffer.WrittenSpan;
    }
}
