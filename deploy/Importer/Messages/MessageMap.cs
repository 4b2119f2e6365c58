using System.Text.Json;
using System.Text.Json.Nodes;

namespace Conversations.Importer.Messages;

/// <summary>
/// Makes the items of one session's messages, in order. A message is <c>{type, data:{…}}</c>, or, as LangChain for JavaScript writes to
/// PostgreSQL, <c>{type, …}</c>.
/// </summary>
internal sealed class MessageMap
{
    // Calls in the manner before tools had no ids: an output belongs to the last call of its name.
    private readonly Dictionary<string, string> _lastCalls = [];

    /// <summary>The items of a message, in the dialect of the service.</summary>
    /// <exception cref="UnmappableException">It cannot be told without a loss.</exception>
    public IReadOnlyList<JsonObject> Items(string json, long position)
    {
        JsonNode? message;
        try
        {
            message = JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            throw new UnmappableException("is no JSON");
        }

        var data = message.Member("data") ?? message;
        var type = message.Text("type") ?? throw new UnmappableException("has no type");
        return type switch
        {
            "human" or "HumanMessageChunk" => [Message("user", data)],
            "system" or "SystemMessageChunk" => [Message("system", data)],
            "developer" => [Message("developer", data)],
            "ai" or "AIMessageChunk" => Said(data, position),
            "tool" or "ToolMessageChunk" => [Output(CallId(data, "tool_call_id"), data)],
            "function" or "FunctionMessageChunk" => [Output(LastCall(data), data)],
            "chat" or "generic" or "ChatMessageChunk" => data.Text("role") switch
            {
                "user" or "human" => [Message("user", data)],
                "system" => [Message("system", data)],
                "developer" => [Message("developer", data)],
                "assistant" or "ai" => Said(data, position),
                var role => throw new UnmappableException($"has the role '{role}' that no item can have"),
            },
            _ => throw new UnmappableException($"has the type '{type}' that no item can have"),
        };
    }

    private static JsonObject Message(string role, JsonNode? data)
    {
        var content = MessageParts.Input(data.Member("content"));
        return content.Count > 0 ? Message(role, content) : throw new UnmappableException("says nothing");
    }

    private static JsonObject Message(string role, JsonArray content) => new() { ["type"] = "message", ["role"] = role, ["content"] = content };

    private static JsonObject Output(string callId, JsonNode? data) =>
        new() { ["type"] = "function_call_output", ["call_id"] = callId, ["output"] = MessageParts.Text(data.Member("content")) };

    private static string CallId(JsonNode? of, string name) => of.Text(name) ?? throw new UnmappableException($"has no {name}, so that no call can be told from another");

    private List<JsonObject> Said(JsonNode? data, long position)
    {
        var more = data.Member("additional_kwargs");
        var items = new List<JsonObject>();
        if (Thought(data, more) is { } reasoning) items.Add(reasoning);

        var calls = Calls(data, more, position).ToList();
        var content = MessageParts.Output(data.Member("content"));
        if (more.Text("refusal") is { } refusal) content.Add(new JsonObject { ["type"] = "refusal", ["refusal"] = refusal });
        // A model that said nothing and did nothing said just that.
        if (content.Count == 0 && calls.Count == 0) content.Add(new JsonObject { ["type"] = "output_text", ["text"] = "" });
        if (content.Count > 0) items.Add(Message("assistant", content));
        items.AddRange(calls);
        return items;
    }

    private static JsonObject? Thought(JsonNode? data, JsonNode? more)
    {
        string[] thoughts = [.. MessageParts.Summaries(more.Member("reasoning")), .. MessageParts.Thoughts(data.Member("content"))];
        if (thoughts.Length == 0 && more.Text("reasoning_content") is { } thought) thoughts = [thought];
        return thoughts.Length == 0 ? null : new JsonObject
        {
            ["type"] = "reasoning",
            ["summary"] = new JsonArray([.. thoughts.Select(text => new JsonObject { ["type"] = "summary_text", ["text"] = text })]),
        };
    }

    private IEnumerable<JsonObject> Calls(JsonNode? data, JsonNode? more, long position)
    {
        var raw = more.Member("tool_calls") as JsonArray ?? [];
        var known = new HashSet<string>();
        foreach (var call in data.Member("tool_calls") as JsonArray ?? [])
        {
            var id = CallId(call, "id");
            known.Add(id);
            // As the model wrote it, where that is kept.
            var written = raw.FirstOrDefault(other => other.Text("id") == id).Member("function").Text("arguments");
            yield return Call(id, call.Text("name"), written ?? call.Member("args").Write());
        }

        foreach (var call in data.Member("invalid_tool_calls") as JsonArray ?? [])
        {
            var id = CallId(call, "id");
            if (known.Add(id)) yield return Call(id, call.Text("name"), call.Text("args") ?? "");
        }

        foreach (var call in raw)
        {
            var id = CallId(call, "id");
            if (known.Add(id)) yield return Call(id, call.Member("function").Text("name"), call.Member("function").Text("arguments") ?? "");
        }

        if (more.Member("function_call") is not { } function || known.Count > 0) yield break;
        var name = function.Text("name") ?? throw new UnmappableException("calls a function without a name");
        yield return Call(_lastCalls[name] = $"function_{position}", name, function.Text("arguments") ?? "");
    }

    private static JsonObject Call(string id, string? name, string arguments) => new()
    {
        ["type"] = "function_call",
        ["call_id"] = id,
        ["name"] = name ?? throw new UnmappableException("calls a function without a name"),
        ["arguments"] = arguments,
    };

    private string LastCall(JsonNode? data) => _lastCalls.GetValueOrDefault(data.Text("name") ?? "")
        ?? throw new UnmappableException($"is what the function '{data.Text("name")}' came to, and nobody called that");
}
