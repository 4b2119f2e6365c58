using System.Buffers;
using System.Text;
using System.Text.Json;
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
    public ReadOnlySpan<byte> Write(WireEvent written, string? id = null)
    {
        Begin(written.Type, id);
        if (written is { Delta: { } delta, Response: null, Item: null }) WriteDelta(written, delta);
        else JsonSerializer.Serialize(_json, written, WireJson.Context.WireEvent);
        return End();
    }

    /// <summary>The frame of an error.</summary>
    public ReadOnlySpan<byte> Write(WireErrorEvent written)
    {
        Begin(written.Type);
        JsonSerializer.Serialize(_json, written, WireJson.Context.WireErrorEvent);
        return End();
    }

    public void Dispose() => _json.Dispose();

    private void Begin(string type, string? id = null)
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
    }

    private ReadOnlySpan<byte> End()
    {
        _json.Flush();
        _buffer.Write("\n\n"u8);
        return _buffer.WrittenSpan;
    }

    // Of a stream nearly all events are these: written as the generated code does, without its looking for members that are not there.
    private void WriteDelta(WireEvent written, string delta)
    {
        _json.WriteStartObject();
        _json.WriteString("type"u8, written.Type);
        if (written.SequenceNumber is { } number) _json.WriteNumber("sequence_number"u8, number);
        if (written.ResponseId is { } response) _json.WriteString("response_id"u8, response);
        if (written.ItemId is { } item) _json.WriteString("item_id"u8, item);
        if (written.OutputIndex is { } output) _json.WriteNumber("output_index"u8, output);
        if (written.ContentIndex is { } content) _json.WriteNumber("content_index"u8, content);
        if (written.SummaryIndex is { } summary) _json.WriteNumber("summary_index"u8, summary);
        _json.WriteString("delta"u8, delta);
        if (written.Logprobs is not null)
        {
            _json.WriteStartArray("logprobs"u8);
            _json.WriteEndArray();
        }

        _json.WriteEndObject();
    }
}
