using System.Text.Json.Nodes;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Workload;

/// <summary>Items as the dialect writes them, on the wire and in the database alike.</summary>
internal static class WireItems
{
    public static Item Read(JsonNode? item)
    {
        if (item is null) return new Item("message", null, null, null);
        var type = (string?)item["type"] ?? "";
        var text = type switch
        {
            "message" => string.Concat(item["content"]!.AsArray().Select(part => (string?)part!["text"])),
            "function_call" => (string?)item["arguments"],
            "function_call_output" => (string?)item["output"],
            _ => item.ToJsonString(),
        };
        return new Item(type, (string?)item["role"], text, (string?)item["call_id"]);
    }

    /// <summary>The answer in a response: the last thing that the model said.</summary>
    public static string? Answer(JsonObject response) =>
        response["output"]?.AsArray().LastOrDefault(item => (string?)item!["type"] == "message") is { } message ? Read(message).Text : null;
}
