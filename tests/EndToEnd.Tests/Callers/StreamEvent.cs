using System.Text.Json.Nodes;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>One event of a turn's stream.</summary>
/// <param name="Frame">The frame as it came, without the empty line.</param>
/// <param name="Data">Its data; null for <c>[DONE]</c>.</param>
internal sealed record StreamEvent(string Frame, JsonObject? Data)
{
    public string Type => (string?)Data?["type"] ?? "[DONE]";

    public int Number => (int)Data!["sequence_number"]!;

    /// <summary>What a caller that lost the connection would say it had last, or null.</summary>
    public string? Id => Frame.Split('\n').FirstOrDefault(line => line.StartsWith("id: ", StringComparison.Ordinal))?["id: ".Length..];

    /// <summary>The response in it.</summary>
    public JsonObject Response => Data!["response"]!.AsObject();

    public bool IsDone => Data is null;

    /// <summary>Reads a frame.</summary>
    public static StreamEvent Parse(string frame)
    {
        var data = frame.Split('\n').Single(line => line.StartsWith("data: ", StringComparison.Ordinal))["data: ".Length..];
        return new StreamEvent(frame, data == "[DONE]" ? null : JsonNode.Parse(data)!.AsObject());
    }

    /// <summary>An event that a client library has read.</summary>
    public static StreamEvent OfJson(string json) => new(json, JsonNode.Parse(json)!.AsObject());
}
