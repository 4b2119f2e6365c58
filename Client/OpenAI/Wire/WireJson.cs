using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Conversations.Client.OpenAI.Wire;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WireResponse))]
[JsonSerializable(typeof(WireItem))]
[JsonSerializable(typeof(WireItemList))]
[JsonSerializable(typeof(IReadOnlyList<WirePart>))]
[JsonSerializable(typeof(WireEvent))]
[JsonSerializable(typeof(WireErrorEvent))]
[JsonSerializable(typeof(WireSocketError))]
[JsonSerializable(typeof(WireErrorBody))]
[JsonSerializable(typeof(WireConversation))]
[JsonSerializable(typeof(WireConversationList))]
[JsonSerializable(typeof(WireDeleted))]
[JsonSerializable(typeof(WireInputTokens))]
[JsonSerializable(typeof(WireCompacted))]
[JsonSerializable(typeof(WireModel))]
[JsonSerializable(typeof(WireModelList))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class WireJsonContext : JsonSerializerContext;

/// <summary>How the dialect's objects are written.</summary>
internal static class WireJson
{
    /// <summary>Letters of every script as they are; nothing of this is ever put into HTML.</summary>
    public static WireJsonContext Context { get; } = new(new JsonSerializerOptions(WireJsonContext.Default.Options)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
