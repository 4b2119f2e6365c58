using System.Text.Json.Nodes;

namespace Conversations.Importer.Messages;

/// <summary>
/// LangChain's content, a string or an array of blocks, as the parts of the dialect. Blocks come in three generations: the providers' own,
/// <c>source_type</c>, and the standard ones of LangChain 1.
/// </summary>
internal static class MessageParts
{
    /// <summary>What somebody other than the model said.</summary>
    public static JsonArray Input(JsonNode? content) => new([.. Blocks(content).Select(InputPart).OfType<JsonNode>()]);

    /// <summary>What the model said; what it thought and called is elsewhere.</summary>
    public static JsonArray Output(JsonNode? content) => new([.. Blocks(content).Select(OutputPart).OfType<JsonNode>()]);

    /// <summary>The summaries of what the model thought.</summary>
    public static IEnumerable<string> Thoughts(JsonNode? content) => Blocks(content)
        .Where(IsThought)
        .SelectMany(block => block.Text("thinking", "reasoning") is { } thought ? [thought] : Summaries(block));

    /// <summary>The summaries of a block of the Responses dialect.</summary>
    public static IEnumerable<string> Summaries(JsonNode? reasoning) =>
        (reasoning.Member("summary") as JsonArray ?? []).Select(summary => summary.Text("text")).OfType<string>();

    /// <summary>What a tool returned, as text.</summary>
    public static string Text(JsonNode? content) => string.Concat(Blocks(content).Select(block =>
        block.AsText() ?? (Type(block) == "text" ? block.Text("text") ?? "" : throw Unknown(block))));

    private static JsonNode?[] Blocks(JsonNode? content) => content switch
    {
        null => [],
        JsonArray blocks => [.. blocks],
        JsonValue when content.AsText() is not null => [content],
        _ => throw new UnmappableException("has a content that is neither text nor a list of blocks"),
    };

    private static JsonObject? InputPart(JsonNode? block)
    {
        if ((block.AsText() ?? (Type(block) is "text" or "input_text" ? block.Text("text") ?? "" : null)) is { } text)
            return text.Length == 0 ? null : new JsonObject { ["type"] = "input_text", ["text"] = text };
        return Type(block) switch
        {
            "image_url" or "image" or "input_image" => Image(block),
            "file" or "input_file" => File(block),
            _ => throw Unknown(block),
        };
    }

    private static JsonObject? OutputPart(JsonNode? block)
    {
        if (block.AsText() is { } text) return Said(text);
        return Type(block) switch
        {
            "text" or "output_text" => Said(block.Text("text") ?? ""),
            "refusal" => new JsonObject { ["type"] = "refusal", ["refusal"] = block.Text("refusal") ?? "" },
            "tool_use" or "tool_call" or "tool_call_chunk" or "function_call" or "input_json_delta" => null,
            _ when IsThought(block) => null,
            _ => throw Unknown(block),
        };
    }

    private static JsonObject? Said(string text) => text.Length == 0 ? null : new JsonObject { ["type"] = "output_text", ["text"] = text };

    private static JsonObject Image(JsonNode? block)
    {
        var url = block.Text("image_url") ?? block.Member("image_url").Text("url") ?? Url(block, "image/png");
        var part = new JsonObject { ["type"] = "input_image", ["detail"] = block.Text("detail") ?? block.Member("image_url").Text("detail") ?? "auto" };
        if (url is not null) part["image_url"] = url;
        else part["file_id"] = FileId(block) ?? throw Unknown(block);
        return part;
    }

    private static JsonObject File(JsonNode? block)
    {
        var inner = block.Member("file") ?? block;
        var part = new JsonObject { ["type"] = "input_file" };
        if ((inner.Text("filename", "name") ?? block.Member("metadata").Text("filename", "name", "title")) is { } name) part["filename"] = name;
        if (inner.Text("file_data") is { } whole) part["file_data"] = whole;
        else if (Url(inner, "application/octet-stream") is { } url) part[url.StartsWith("data:", StringComparison.Ordinal) ? "file_data" : "file_url"] = url;
        else if (inner.Text("file_url") is { } place) part["file_url"] = place;
        else part["file_id"] = FileId(inner) ?? throw Unknown(block);
        return part;
    }

    private static string? Url(JsonNode? block, string type) =>
        block.Text("url") ?? (block.Text("data") is { } data ? $"data:{block.Text("mime_type", "mimeType") ?? type};base64,{data}" : null);

    private static string? FileId(JsonNode? block) =>
        block.Text("file_id", "fileId") ?? (block.Text("source_type") == "id" ? block.Text("id") : null);

    private static bool IsThought(JsonNode? block) => Type(block) is "reasoning" or "thinking" or "redacted_thinking";

    private static string? Type(JsonNode? block) => block.Text("type");

    private static UnmappableException Unknown(JsonNode? block) => new($"has a block of the type '{Type(block)}' that no item can hold");
}
