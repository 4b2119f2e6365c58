using System.Text.Json;
using Conversations.Turns;
using OpenAI.Chat;

namespace Conversations.Grains.Agents;

/// <summary>The wished form of a reply, as the connector takes it.</summary>
internal static class ReplyForm
{
    /// <summary>What <c>text.format</c> asks for; null: plain text.</summary>
    public static ChatResponseFormat? FormatOf(TurnOptions options)
    {
        if (options.TextJson is null) return null;
        using var text = JsonDocument.Parse(options.TextJson);
        if (!text.RootElement.TryGetProperty("format", out var format) || format.ValueKind != JsonValueKind.Object) return null;
        return Text(format, "type") switch
        {
            "json_schema" when format.TryGetProperty("schema", out var schema) => ChatResponseFormat.CreateJsonSchemaFormat(
                Text(format, "name") ?? "reply",
                BinaryData.FromString(schema.GetRawText()),
                Text(format, "description"),
                format.TryGetProperty("strict", out var strict) && strict.ValueKind is (JsonValueKind.True or JsonValueKind.False) ? strict.GetBoolean() : null),
            // A client that wants JSON of any kind sends either.
            "json_object" or "json_schema" => ChatResponseFormat.CreateJsonObjectFormat(),
            _ => null,
        };
    }

    /// <summary>What <c>reasoning.effort</c> asks for; null: the model's own.</summary>
    public static string? EffortOf(TurnOptions options)
    {
        if (options.ReasoningJson is null) return null;
        using var reasoning = JsonDocument.Parse(options.ReasoningJson);
        return Text(reasoning.RootElement, "effort");
    }

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
}
