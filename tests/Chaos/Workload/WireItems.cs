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
            "conversations:approval_request" => (string?)item["arguments"],
            "conversations:approval_response" => Verdict((bool)item["approve"]!),
            "function_call" => (string?)item["arguments"],
            "function_call_output" => (string?)item["output"],
            _ => item.ToJsonString(),
        };
        return new Item(type, (string?)item["role"], text, (string?)item["call_id"]);
    }

    /// <summary>What a person answered, in the words of the evidence.</summary>
    public static string Verdict(bool approve) => approve ? "yes" : "no";

    /// <summary>The calls of a response that somebody is asked to approve.</summary>
    public static IEnumerable<string> Asked(JsonObject response) =>
        response["output"]?.AsArray().Where(item => Read(item).IsRequest).Select(item => (string)item!["call_id"]!) ?? [];

    /// <summary>The answer in a response: the last thing that the model said.</summary>
    public static string? Answer(JsonObject response) =>
        response["output"]?.AsArray().LastOrDefault(item => (string?)item!["type"] == "message") is { } message ? Read(message).Text : null;
}
