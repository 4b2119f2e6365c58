using System.Collections.Immutable;
using System.Text.Json;

namespace Conversations.Grains.Tools;

/// <summary>What a request says about which tools to call: its <c>tool_choice</c>.</summary>
/// <param name="Mode">Whether the model must call one.</param>
/// <param name="Names">The only tools that the model is offered; empty: all.</param>
internal sealed record ToolChoice(ToolMode Mode, ImmutableArray<string> Names)
{
    /// <summary>The model chooses among all.</summary>
    public static readonly ToolChoice Auto = new(ToolMode.Auto, []);

    /// <summary>Whether the model is offered the tool.</summary>
    public bool Offers(string name) => Names.IsEmpty || Names.Contains(name, StringComparer.Ordinal);

    /// <summary>Reads it; the gateway checked its form.</summary>
    public static ToolChoice Read(string? json)
    {
        if (json is null) return Auto;
        using var document = JsonDocument.Parse(json);
        return document.RootElement switch
        {
            { ValueKind: JsonValueKind.String } word => new ToolChoice(ModeOf(word.GetString()), []),
            { ValueKind: JsonValueKind.Object } some when some.TryGetProperty("tools", out var tools) && tools.ValueKind == JsonValueKind.Array =>
                new ToolChoice(some.TryGetProperty("mode", out var mode) ? ModeOf(mode.GetString()) : ToolMode.Auto, NamesOf(tools)),
            { ValueKind: JsonValueKind.Object } one when one.TryGetProperty("name", out var name) => new ToolChoice(ToolMode.Required, [name.GetString()!]),
            _ => Auto,
        };
    }

    private static ImmutableArray<string> NamesOf(JsonElement tools) =>
        [.. tools.EnumerateArray().Select(t => t.TryGetProperty("name", out var name) ? name.GetString() : null).OfType<string>()];

    private static ToolMode ModeOf(string? word) => word switch
    {
        "none" => ToolMode.None,
        "required" => ToolMode.Required,
        _ => ToolMode.Auto,
    };
}

/// <summary>Whether a model may or must call a tool.</summary>
internal enum ToolMode
{
    /// <summary>It may.</summary>
    Auto,

    /// <summary>It must not.</summary>
    None,

    /// <summary>It must.</summary>
    Required,
}
