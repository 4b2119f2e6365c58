using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Conversations.Grains.Tools;

/// <summary>
/// A schema without references: the connector hands a model each parameter's schema alone, and what it refers to beside it would be
/// missing. What refers to itself, or grows too large, becomes a schema that takes anything; arguments are checked against the whole one.
/// </summary>
internal sealed class SchemaRefs
{
    private const int MostNodes = 10_000;

    // JSON is written at most 64 deep, and this is part of a larger whole.
    private const int Deepest = 48;

    private readonly JsonNode _root;
    private int _nodes;

    private SchemaRefs(JsonNode root) => _root = root;

    /// <summary>The schema with what it refers to in the place of each reference.</summary>
    public static JsonElement Inline(JsonElement schema)
    {
        var text = schema.GetRawText();
        return text.Contains("\"$ref\"", StringComparison.Ordinal) && JsonNode.Parse(text) is { } root
            ? JsonSerializer.SerializeToElement(new SchemaRefs(root).Copy(root, 0, []))
            : schema;
    }

    private JsonNode? Copy(JsonNode? node, int depth, ImmutableStack<string> within)
    {
        if (++_nodes > MostNodes || depth > Deepest) return new JsonObject();
        return node switch
        {
            JsonObject part when part["$ref"] is JsonValue value && value.TryGetValue<string>(out var place) => Follow(part, place, depth, within),
            JsonObject part => new JsonObject(part.Select(p => KeyValuePair.Create(p.Key, Copy(p.Value, depth + 1, within)))),
            JsonArray list => new JsonArray([.. list.Select(each => Copy(each, depth + 1, within))]),
            _ => node?.DeepClone(),
        };
    }

    private JsonObject Follow(JsonObject part, string place, int depth, ImmutableStack<string> within)
    {
        var copy = within.Contains(place) ? null : Copy(Find(place), depth + 1, within.Push(place)) as JsonObject;
        copy ??= [];
        // What stands beside a reference, like a description, is nearer.
        foreach (var (name, value) in part.Where(p => p.Key != "$ref")) copy[name] = Copy(value, depth + 1, within);
        return copy;
    }

    private JsonNode? Find(string place)
    {
        if (place == "#") return _root;
        if (!place.StartsWith("#/", StringComparison.Ordinal)) return null;
        var found = _root;
        foreach (var step in Uri.UnescapeDataString(place[2..]).Split('/'))
        {
            var name = step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            found = found switch
            {
                JsonObject part => part[name],
                JsonArray list when int.TryParse(name, out var index) && index >= 0 && index < list.Count => list[index],
                _ => null,
            };
            if (found is null) return null;
        }

        return found;
    }
}
