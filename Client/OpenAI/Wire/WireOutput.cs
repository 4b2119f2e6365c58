using System.Text.Json;
using System.Text.Json.Serialization;

namespace Conversations.Client.OpenAI.Wire;

/// <summary>What a function call came to: text, or the parts that it was brought in.</summary>
[JsonConverter(typeof(WireOutputConverter))]
internal readonly record struct WireOutput(string Text, IReadOnlyList<WirePart>? Parts);

internal sealed class WireOutputConverter : JsonConverter<WireOutput>
{
    public override WireOutput Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Items are read by hand.");

    public override void Write(Utf8JsonWriter writer, WireOutput value, JsonSerializerOptions options)
    {
        if (value.Parts is { } parts) JsonSerializer.Serialize(writer, parts, WireJson.Context.IReadOnlyListWirePart);
        else writer.WriteStringValue(value.Text);
    }
}
