using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Conversations.Importer.Messages;

/// <summary>Questions to JSON that anybody may have written.</summary>
internal static class StoredJson
{
    private static readonly JsonSerializerOptions AsWritten = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The member, if this is an object that has it and it is not null.</summary>
    public static JsonNode? Member(this JsonNode? node, string name) => node is JsonObject json && json.TryGetPropertyValue(name, out var value) ? value : null;

    /// <summary>The first of these members that is a string with something in it.</summary>
    public static string? Text(this JsonNode? node, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            if (node.Member(name).AsText() is { Length: > 0 } text) return text;
        }

        return null;
    }

    /// <summary>The text, if this is one.</summary>
    /// <exception cref="UnmappableException">It is one that nobody can store.</exception>
    public static string? AsText(this JsonNode? node)
    {
        if (node is not JsonValue || node.GetValueKind() != JsonValueKind.String) return null;
        try
        {
            var text = node.GetValue<string>();
            return text.Contains('\0', StringComparison.Ordinal) ? throw new UnmappableException("holds the character U+0000") : text;
        }
        catch (InvalidOperationException)
        {
            throw new UnmappableException("holds half of a surrogate pair");
        }
    }

    /// <summary>The JSON in few words, every character as itself.</summary>
    public static string Write(this JsonNode? node) => node?.ToJsonString(AsWritten) ?? "null";
}
