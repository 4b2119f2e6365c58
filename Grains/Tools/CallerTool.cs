using System.Collections.Immutable;
using System.Text.Json;
using Conversations.Sessions;

namespace Conversations.Grains.Tools;

/// <summary>A function that the caller declares and runs itself.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it does.</param>
/// <param name="Schema">The JSON Schema of its arguments.</param>
internal sealed record CallerTool(string Name, string? Description, JsonElement Schema)
{
    private static readonly JsonElement NoArguments = JsonElement.Parse("""{"type":"object","properties":{}}""");

    /// <summary>Reads the request's <c>tools</c>.</summary>
    /// <exception cref="RefusalException">They are not function tools; the message says which.</exception>
    public static ImmutableArray<CallerTool> Read(string? json)
    {
        if (json is null) return [];
        using var document = JsonDocument.Parse(json);
        var tools = ImmutableArray.CreateBuilder<CallerTool>();
        foreach (var tool in document.RootElement.EnumerateArray())
        {
            var place = $"tools[{tools.Count}]";
            if (Text(tool, "type") is not "function")
            {
                throw new RefusalException(RefusalCode.Invalid, "Only tools of type 'function' can be sent; others are configured on the server.", $"{place}.type");
            }

            if (Text(tool, "name") is not { } name || !ToolCatalog.IsName(name))
            {
                throw new RefusalException(RefusalCode.Invalid, "A tool needs a name of 1 to 64 of A-Z, a-z, 0-9, _ and -.", $"{place}.name");
            }

            var schema = tool.TryGetProperty("parameters", out var parameters) && parameters.ValueKind == JsonValueKind.Object
                ? parameters.Clone()
                : NoArguments;
            tools.Add(new CallerTool(name, Text(tool, "description"), schema));
        }

        return tools.ToImmutable();
    }

    private static string? Text(JsonElement tool, string name) =>
        tool.ValueKind == JsonValueKind.Object && tool.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
