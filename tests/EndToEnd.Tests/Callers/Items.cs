using System.Text.Json.Nodes;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>Items of the dialect, in words that a test can compare.</summary>
internal static class Items
{
    /// <summary>Each item as <c>role: text</c>, or <c>type: content</c>.</summary>
    public static IReadOnlyList<string> Describe(JsonArray items) => [.. items.Select(item => Describe(item!))];

    /// <summary>The text of all messages.</summary>
    public static string TextOf(JsonArray items) =>
        string.Concat(items.Where(item => (string?)item!["type"] == "message").Select(item => Content(item!)));

    private static string Describe(JsonNode item) => (string?)item["type"] switch
    {
        "message" => $"{item["role"]}: {Content(item)}",
        "function_call" => $"function_call: {item["name"]}({item["arguments"]})",
        "function_call_output" => $"function_call_output: {item["output"]}",
        var type => $"{type}",
    };

    private static string Content(JsonNode message) => string.Concat(message["content"]!.AsArray().Select(part => (string?)part!["text"]));
}
