using System.Collections.Immutable;
using System.Text.Json;
using Conversations.Grains.Agents;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.SemanticKernel;

namespace Conversations.Grains.Tools;

/// <summary>The tools of one turn: the agent's, which run here, and the caller's, which run there.</summary>
internal sealed class ToolBox
{
    private static readonly ToolBox Empty = new(ToolGrant.None, [], ToolChoice.Auto);

    private readonly ToolGrant _own;
    private readonly ImmutableArray<CallerTool> _callers;
    private readonly ToolChoice _choice;

    private ToolBox(ToolGrant own, ImmutableArray<CallerTool> callers, ToolChoice choice)
    {
        _own = own;
        _callers = callers;
        _choice = choice;
    }

    /// <summary>Puts together the tools of a turn.</summary>
    /// <exception cref="RefusalException">The caller's tools cannot be used.</exception>
    public static ToolBox For(Agent agent, TurnOptions options)
    {
        var callers = CallerTool.Read(options.ToolsJson);
        if (agent.Tools.IsEmpty && callers.IsEmpty && options.ToolChoiceJson is null) return Empty;
        var names = callers.Select(t => t.Name).ToList();
        var taken = names.FirstOrDefault(agent.Tools.Takes) ?? names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1)?.Key;
        if (taken is not null)
        {
            throw new RefusalException(RefusalCode.Invalid, $"The name '{taken}' is that of another tool: give yours another name.", "tools");
        }

        var choice = ToolChoice.Read(options.ToolChoiceJson);
        if (choice is { Mode: ToolMode.Required, Names.IsEmpty: true } && agent.Tools.IsEmpty && callers.IsEmpty)
        {
            throw new RefusalException(RefusalCode.Invalid, "tool_choice asks for a call, but there are no tools: send some, or leave it out.", "tool_choice");
        }

        var missing = choice.Names.FirstOrDefault(n => agent.Tools.Find(n) is null && !names.Contains(n));
        return missing is null
            ? new ToolBox(agent.Tools, [.. callers.Where(t => choice.Offers(t.Name))], choice)
            : throw new RefusalException(RefusalCode.Invalid, $"tool_choice names '{missing}', but there is no such tool.", "tool_choice");
    }

    /// <summary>The tool that runs here under this name; null: the caller's, or nobody's.</summary>
    public Tool? FindOwn(string name) => _choice.Offers(name) ? _own.Find(name) : null;

    /// <summary>Whether the caller runs the function of this name.</summary>
    public bool IsCallers(string name) => _callers.Any(t => t.Name == name);

    /// <summary>What the model is offered.</summary>
    public IReadOnlyList<(string Name, string? Description, JsonElement Schema)> Offered =>
        [.. _own.Now.Where(t => _choice.Offers(t.Name)).Select(t => (t.Name, (string?)t.Description, t.Schema)), .. _callers.Select(t => (t.Name, t.Description, t.Schema))];

    /// <summary>What the model is told about tools; null: there are none.</summary>
    public FunctionChoiceBehavior? Choice(TurnOptions options)
    {
        var functions = Offered.Select(t => Declare(t.Name, t.Description, t.Schema)).ToList();
        if (functions.Count == 0) return null;
        var behavior = new FunctionChoiceBehaviorOptions { AllowParallelCalls = options.ParallelToolCalls, AllowConcurrentInvocation = false };
        return _choice.Mode switch
        {
            ToolMode.None => FunctionChoiceBehavior.None(functions, behavior),
            ToolMode.Required => FunctionChoiceBehavior.Required(functions, autoInvoke: false, behavior),
            _ => FunctionChoiceBehavior.Auto(functions, autoInvoke: false, behavior),
        };
    }

    // The kernel only carries the declaration to the model; the turn makes the calls itself, for it journals them.
    private static KernelFunction Declare(string name, string? description, JsonElement whole)
    {
        var schema = SchemaRefs.Inline(whole);
        var required = schema.TryGetProperty("required", out var names) && names.ValueKind == JsonValueKind.Array
            ? names.EnumerateArray().Select(n => n.GetString()).ToHashSet(StringComparer.Ordinal)
            : [];
        var parameters = schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object
            ? properties.EnumerateObject().Select(p => new KernelParameterMetadata(p.Name)
            {
                Schema = KernelJsonSchema.Parse(p.Value.GetRawText()),
                IsRequired = required.Contains(p.Name),
            })
            : [];
        return KernelFunctionFactory.CreateFromMethod(
            () => "",
            new KernelFunctionFromMethodOptions { FunctionName = name, Description = description ?? "", Parameters = [.. parameters] });
    }
}
