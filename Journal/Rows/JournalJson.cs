using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Journal.Rows;

/// <summary>The JSON on disk. Format 1; a change of shape takes a new number and a reader of the old one.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(SessionDelta))]
[JsonSerializable(typeof(SessionSnapshot))]
[JsonSerializable(typeof(SessionData))]
[JsonSerializable(typeof(ItemBody))]
[JsonSerializable(typeof(IReadOnlyList<ItemBody>))]
[JsonSerializable(typeof(TurnOptions))]
[JsonSerializable(typeof(TurnProgress))]
internal sealed partial class JournalJsonContext : JsonSerializerContext;

/// <summary>Reads and writes the JSON on disk.</summary>
public static class JournalJson
{
    // Text stays readable (no \u escapes for letters of the basic plane); a database is no HTML page.
    private static readonly JournalJsonContext Context = new(new JsonSerializerOptions(JournalJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });

    /// <summary>The bytes that the write function takes.</summary>
    public static byte[] Write(SessionDelta delta) => JsonSerializer.SerializeToUtf8Bytes(delta, Context.SessionDelta);

    /// <summary>Reads what the read function gives.</summary>
    /// <exception cref="JsonException">The stored form is not one that this version knows.</exception>
    public static SessionSnapshot ReadSnapshot(ReadOnlySpan<byte> payload) => Read(payload, Context.SessionSnapshot);

    internal static SessionData ReadData(string json) => Read(json, Context.SessionData);

    internal static ItemBody ReadBody(string json) => Read(json, Context.ItemBody);

    internal static IReadOnlyList<ItemBody> ReadInput(string json) => Read(json, Context.IReadOnlyListItemBody);

    internal static TurnOptions ReadOptions(string json) => Whole(Read(json, Context.TurnOptions));

    /// <summary>Generated code leaves an init-only member that is missing without its default; only what can be missing is mended.</summary>
    internal static TurnOptions Whole(TurnOptions options) =>
        options.Metadata is null ? options with { Metadata = ImmutableSortedDictionary<string, string>.Empty } : options;

    internal static TurnProgress ReadProgress(string json) => Read(json, Context.TurnProgress);

    private static T Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException($"A stored {typeof(T).Name} is null.");

    private static T Read<T>(ReadOnlySpan<byte> json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(json, type) ?? throw new JsonException($"A stored {typeof(T).Name} is null.");
}
