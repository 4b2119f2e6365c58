using System.Text.Json.Nodes;

namespace Conversations.Importer.Sessions;

/// <summary>Whether an item of the service is one that was sent: the service adds members, and leaves every other as it was.</summary>
internal static class SameItem
{
    public static bool Holds(JsonNode? sent, JsonNode? there) => (sent, there) switch
    {
        (JsonObject a, JsonObject b) => a.All(member => b.TryGetPropertyValue(member.Key, out var value) && Holds(member.Value, value)),
        (JsonArray a, JsonArray b) => a.Count == b.Count && a.Zip(b).All(pair => Holds(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(sent, there),
    };
}
