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
    private static readonly ToolBox Empty = new([], []);

    private readonly ImmutableArray<Tool> _own;
    private readonly ImmutableArray<CallerTool> _callers;

    private ToolBox(ImmutableArray<Tool> own, ImmutableArray<CallerTool> callers)
    {
        _own = own;
        _callers = callers;
    }

    /// <summary>Puts together the tools of a turn.</summary>
    /// <exception cref="RefusalException">The caller's tools cannot be used.</exception>
    public static ToolBox For(Agent agent, TurnOptions options)
    {
        var callers = CallerTool.Read(options.ToolsJson);
        if (agent.Tools.IsEmpty && callers.IsEmpty) return Empty;
        var taken = agent.Tools.Select(t => t.Name).Concat(callers.Select(t => t.Name)).GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        if (taken is not null) throw new RefusalException(RefusalCode.Invalid, $"There are two tools named '{taken.Key}': give yours another name.", "tools");
        var box = new ToolBox(agent.Tools, callers);
        if (ChosenName(options.ToolChoiceJson) is { } chosen && box.FindOwn(chosen) is null && !box.IsCallers(chosen))
        {
            throw new RefusalException(RefusalCode.Invalid, $"tool_choice names '{chosen}', but there is no such tool.", "tool_choice");
        }

        return box;
    }

    /// <summary>The tool that runs here under this name; null: the caller's, or nobody's.</summary>
    public Tool? FindOwn(string name) => _own.FirstOrDefault(t => t.Name == name);

    /// <summary>Whether the caller runs the function of this name.</summary>
    public bool IsCallers(string name) => _callers.Any(t => t.Name == name);

    /// <summary>What the model is told about tools; null: there are none.</summary>
    public FunctionChoiceBehavior? Choice(TurnOptions options)
    {
        if (_own.IsEmpty && _callers.IsEmpty) return null;
        var functions = _own.Select(t => Declare(t.Name, t.Description, t.Schema))
            .Concat(_callers.Select(t => Declare(t.Name, t.Description, t.Schema)))
            .ToList();
        var behavior = new FunctionChoiceBehaviorOptions { AllowParallelCalls = options.ParallelToolCalls, AllowConcurrentInvocation = false };
        if (options.ToolChoiceJson is not { } json) return FunctionChoiceBehavior.Auto(functions, autoInvoke: false, behavior);
        using var choice = JsonDocument.Parse(json);
        return choice.RootElement switch
        {
            { ValueKind: JsonValueKind.String } word when word.GetString() == "none" => FunctionChoiceBehavior.None(functions, behavior),
            { ValueKind: JsonValueKind.String } word when word.GetString() == "required" =>
                FunctionChoiceBehavior.Required(functions, autoInvoke: false, behavior),
            { ValueKind: JsonValueKind.Object } one when one.TryGetProperty("name", out var name) =>
                FunctionChoiceBehavior.Required(functions.Where(f => f.Name == name.GetString()), autoInvoke: false, behavior),
            _ => FunctionChoiceBehavior.Auto(functions, autoInvoke: false, behavior),
        };
    }

    private static string? ChosenName(string? json)
    {
        if (json is null || json[0] != '{') return null;
        using var choice = JsonDocument.Parse(json);
        return choice.RootElement.TryGetProperty("name", out var name) ? name.GetString() : null;
    }

    // The kernel only carries the declaration to the model; the turn makes the calls itself, for it journals them.
    private static KernelFunction Declare(string name, string? description, JsonElement schema)
    {
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
