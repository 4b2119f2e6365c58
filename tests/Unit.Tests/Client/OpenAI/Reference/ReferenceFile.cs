using System.Text.Json.Nodes;
using Conversations.Unit.Tests.Docs;
using NJsonSchema;

namespace Conversations.Unit.Tests.Client.OpenAI.Reference;

/// <summary>The OpenAPI document that is committed.</summary>
internal sealed class ReferenceFile
{
    private readonly JsonObject _document = JsonNode.Parse(File.ReadAllBytes(Place))!.AsObject();

    /// <summary>Where it lies.</summary>
    public static string Place { get; } = Path.Combine(Repository.Docs, "openapi.json");

    /// <summary>The operations, each with its method and path.</summary>
    public IEnumerable<(string Method, string Path, JsonObject Operation)> Operations =>
        from path in _document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select (operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    public JsonObject Operation(string id) => Operations.Single(known => (string)known.Operation["operationId"]! == id).Operation;

    /// <summary>The members that the schema of an operation's body has, as paths like <c>input[].content[].text</c>.</summary>
    public IReadOnlySet<string> BodyMembers(string id)
    {
        var members = new HashSet<string>();
        if (Operation(id)["requestBody"]?["content"]?["application/json"]?["schema"] is { } schema) Walk(schema, "", members);
        return members;
    }

    /// <summary>The names of an operation's parameters in the query or the header.</summary>
    public IEnumerable<string> Parameters(string id, string place) =>
        (Operation(id)["parameters"]?.AsArray() ?? []).Where(p => (string)p!["in"]! == place).Select(p => (string)p!["name"]!);

    /// <summary>A schema that takes what the document says, and of an answer's objects nothing besides.</summary>
    public async Task<JsonSchema> SchemaAsync(JsonNode schema, bool isStrict)
    {
        var definitions = _document["components"]!["schemas"]!.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        var wanted = schema.ToJsonString().Replace("#/components/schemas/", "#/definitions/", StringComparison.Ordinal);
        var read = await JsonSchema.FromJsonAsync($$"""{"definitions":{{definitions}},"allOf":[{{wanted}}]}""");
        if (isStrict)
        {
            foreach (var definition in read.Definitions.Values.Where(d => d.Properties.Count > 0)) definition.AllowAdditionalProperties = false;
        }

        return read;
    }

    private void Walk(JsonNode schema, string path, HashSet<string> members)
    {
        if ((string?)schema["$ref"] is { } reference) schema = _document["components"]!["schemas"]![reference.Split('/')[^1]]!;
        foreach (var (name, member) in schema["properties"]?.AsObject() ?? [])
        {
            var full = path.Length == 0 ? name : $"{path}.{name}";
            members.Add(full);
            Walk(member!, full, members);
        }

        if (schema["items"] is { } items) Walk(items, path + "[]", members);
        foreach (var choice in new[] { "allOf", "anyOf", "oneOf" }.SelectMany(choices => schema[choices]?.AsArray() ?? [])) Walk(choice!, path, members);
    }
}
