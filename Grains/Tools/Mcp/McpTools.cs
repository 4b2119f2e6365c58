using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using McpTool = ModelContextProtocol.Protocol.Tool;

namespace Conversations.Grains.Tools.Mcp;

/// <summary>How the tools of a server look to a model.</summary>
/// <param name="server">The server's name.</param>
/// <param name="options">What may be done with them.</param>
/// <param name="call">Calls the tool that a model knows by this name.</param>
internal sealed partial class McpTools(string server, McpServerOptions options, Func<Tool, ToolCall, CancellationToken, Task<string>> call)
{
    private static readonly JsonElement AnyArguments = JsonElement.Parse("""{"type":"object"}""");

    /// <summary>What a model calls a tool: the server's name, <c>_</c>, and the tool's, in which <c>_</c> stands for what no name may have.</summary>
    public string NameOf(string tool) => $"{server}_{Unnameable().Replace(tool, "_")}";

    /// <summary>The tools that may be offered, by the server's names of them, and the names of those that cannot be.</summary>
    public (ImmutableDictionary<string, Tool> Usable, ImmutableArray<string> Unusable) Read(IEnumerable<McpTool> declared)
    {
        var usable = ImmutableDictionary.CreateBuilder<string, Tool>(StringComparer.Ordinal);
        var unusable = ImmutableArray.CreateBuilder<string>();
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tool in declared.Where(t => options.Tools.Count == 0 || options.Tools.Contains(t.Name)))
        {
            var name = NameOf(tool.Name);
            if (ToolCatalog.IsName(name) && IsSelfContained(tool.InputSchema) && taken.Add(name))
            {
                usable[tool.Name] = Make(tool.Name, tool.Description ?? tool.Title ?? tool.Name, tool.InputSchema, IsHarmless(tool));
            }
            else
            {
                unusable.Add(tool.Name);
            }
        }

        return (usable.ToImmutable(), unusable.ToImmutable());
    }

    /// <summary>A tool that the server never told of, for it could not be reached.</summary>
    public Tool Unknown(string tool) => Make(tool, "Cannot be used at the moment: the server that has it cannot be reached.", AnyArguments, false);

    private Tool Make(string tool, string description, JsonElement schema, bool isHarmless)
    {
        Tool made = null!;
        return made = new Tool
        {
            Name = NameOf(tool),
            Description = description,
            Schema = schema,
            IsIdempotent = isHarmless || Names(options.Idempotent, tool),
            NeedsApproval = Names(options.NeedsApproval, tool),
            Timeout = TimeSpan.FromSeconds(options.TimeoutSeconds),
            InvokeAsync = (asked, stop) => call(made, asked, stop),
        };
    }

    // Hints are the server's word about itself; a call that it wrongly called harmless would take effect twice.
    private bool IsHarmless(McpTool tool) => options.TrustHints && tool.Annotations is ({ ReadOnlyHint: true } or { IdempotentHint: true });

    private static bool Names(IList<string> names, string tool) => names.Contains("*") || names.Contains(tool);

    // A schema that points elsewhere would have the silo fetch what a server names.
    private static bool IsSelfContained(JsonElement schema) => schema.ValueKind switch
    {
        JsonValueKind.Array => schema.EnumerateArray().All(IsSelfContained),
        JsonValueKind.Object => schema.EnumerateObject().All(p =>
            p.Name is "$ref" or "$dynamicRef" && p.Value.ValueKind == JsonValueKind.String
                ? p.Value.GetString()!.StartsWith('#')
                : IsSelfContained(p.Value)),
        _ => true,
    };

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex Unnameable();
}
