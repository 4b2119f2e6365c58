using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Conversations.EndToEnd.Tests.Golden;

/// <summary>
/// JSON in the form in which it can be compared: each id stands as its kind and the number of its first appearance, each time as the kind
/// of number that it is. All else stays as it is.
/// </summary>
internal sealed partial class GoldenShape
{
    private readonly Dictionary<string, string> _names = [];

    public JsonNode? Of(JsonNode? node, string? name = null) => node switch
    {
        JsonObject one => new JsonObject(one.Select(member => KeyValuePair.Create(Of(member.Key), Of(member.Value, member.Key)))),
        JsonArray array => new JsonArray([.. array.Select(element => Of(element))]),
        JsonValue value when value.TryGetValue<string>(out var text) => Of(text),
        JsonValue value when name is "created_at" or "completed_at" && value.TryGetValue<long>(out var time) && time > 1_700_000_000 => "<unix seconds>",
        _ => node?.DeepClone(),
    };

    public string Of(string text) => Id().Replace(text, id =>
    {
        if (_names.TryGetValue(id.Value, out var known)) return known;
        var kind = id.Value[..(id.Value.IndexOfAny(['_', '-']) + 1)];
        return _names[id.Value] = $"{kind}<{1 + _names.Keys.Count(other => other.StartsWith(kind, StringComparison.Ordinal))}>";
    });

    /// <summary>What differs between two values, each difference by its path.</summary>
    public static IEnumerable<string> Differences(JsonNode? expected, JsonNode? actual, string path = "") => (expected, actual) switch
    {
        (JsonObject e, JsonObject a) => e.Select(m => m.Key).Union(a.Select(m => m.Key)).SelectMany(key =>
            !a.ContainsKey(key) ? [$"{path}.{key} is missing"]
            : !e.ContainsKey(key) ? [$"{path}.{key} is new: {a[key]?.ToJsonString() ?? "null"}"]
            : Differences(e[key], a[key], $"{path}.{key}")),
        (JsonArray e, JsonArray a) => Enumerable.Range(0, Math.Max(e.Count, a.Count)).SelectMany(i =>
            i >= a.Count ? [$"{path}[{i}] is missing: {e[i]?.ToJsonString()}"]
            : i >= e.Count ? [$"{path}[{i}] is new: {a[i]?.ToJsonString()}"]
            : Differences(e[i], a[i], $"{path}[{i}]")),
        _ => JsonNode.DeepEquals(expected, actual) ? [] : [$"{path} is {actual?.ToJsonString() ?? "null"}, not {expected?.ToJsonString() ?? "null"}"],
    };

    [GeneratedRegex("resp_[A-Za-z0-9_-]{20,}|(msg|fc|fco|rs|cmp|apr|apx)_[A-Za-z0-9_-]{30}(?![A-Za-z0-9_-])|(conv_|call_|s-)[0-9a-f]{32}")]
    private static partial Regex Id();
}
