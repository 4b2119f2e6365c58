using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Conversations.Grains.Agents.Demo;

/// <summary>
/// The function call that the demo makes, so that tools can be seen without a model: of the function whose name has a word of what the
/// user said last, or of the first one if it must make one, with what was said for its arguments.
/// </summary>
/// <param name="Name">The function.</param>
/// <param name="Arguments">What it is called with, as JSON.</param>
internal sealed partial record DemoCall(string Name, string Arguments)
{
    // "get" and "add" say nothing about what a function is for.
    private const int ShortestWord = 4;

    /// <summary>The call that it makes of these messages; null: it answers, as it does once a call came to something.</summary>
    public static DemoCall? Of(ChatHistory messages, PromptExecutionSettings? settings, Kernel? kernel)
    {
        if (messages is not [.., var last] || last.Role != AuthorRole.User) return null;
        var tools = settings?.FunctionChoiceBehavior?.GetConfiguration(new FunctionChoiceBehaviorConfigurationContext(messages) { Kernel = kernel });
        if (tools?.Functions is not { } offered || tools.Choice == FunctionChoice.None) return null;
        var said = last.Content ?? "";
        var function = offered.FirstOrDefault(tool => tools.Choice == FunctionChoice.Required || IsMeant(tool.Name, said));
        return function is null ? null : new DemoCall(function.Name, ArgumentsOf(function, said));
    }

    private static bool IsMeant(string name, string said) => Word().Matches(name).Select(match => match.Value)
        .Intersect(Word().Matches(said).Select(match => match.Value), StringComparer.OrdinalIgnoreCase)
        .Any(word => word.Length >= ShortestWord);

    private static string ArgumentsOf(KernelFunction function, string said)
    {
        var needed = function.Metadata.Parameters.Where(parameter => parameter.IsRequired);
        return new JsonObject(needed.Select(parameter => KeyValuePair.Create(parameter.Name, ValueOf(parameter.Schema?.RootElement, said)))).ToJsonString();
    }

    private static JsonNode? ValueOf(JsonElement? schema, string said)
    {
        if (schema is not { ValueKind: JsonValueKind.Object } rules) return said;
        if (rules.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array) return JsonNode.Parse(choices.EnumerateArray().FirstOrDefault().GetRawText());
        return (rules.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null) switch
        {
            "integer" or "number" => 0,
            "boolean" => false,
            "array" => new JsonArray(),
            "object" => new JsonObject(),
            _ => said,
        };
    }

    [GeneratedRegex(@"\p{Lu}?\p{Ll}+|\p{Lu}+")]
    private static partial Regex Word();
}
