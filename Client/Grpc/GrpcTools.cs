using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Sessions;

namespace Conversations.Client.Grpc;

/// <summary>
/// Reads and writes what a caller says of tools, text and thinking. It is kept as the HTTP dialect has it, and by that one's rules, so
/// that a request is the same request by either wire.
/// </summary>
internal static class GrpcTools
{
    /// <summary>The caller's functions; null: none.</summary>
    public static string? Read(IReadOnlyList<V1.FunctionTool> tools, string field) =>
        Checked(() => ToolOptions.ReadTools(Node(new JsonArray([.. tools.Select((tool, index) => Tool(tool, $"{field}[{index}]"))]), field)));

    /// <summary>Which tool to call; null: nothing was said.</summary>
    public static string? Read(V1.ToolChoice? choice, string field) => choice is null ? null : Checked(() => ToolOptions.ReadChoice(choice.ChoiceCase switch
    {
        V1.ToolChoice.ChoiceOneofCase.Mode => Node(ModeOf(choice.Mode, $"{field}.mode"), field),
        V1.ToolChoice.ChoiceOneofCase.Function => Node(
            new JsonObject { ["type"] = "function", ["name"] = GrpcRules.Text(choice.Function, int.MaxValue, $"{field}.function") }, field),
        V1.ToolChoice.ChoiceOneofCase.Json => new RequestNode(Parse(choice.Json, $"{field}.json"), $"{field}.json"),
        _ => throw Invalid($"'{field}' must hold mode, function or json.", field),
    }));

    /// <summary>How the text is to be.</summary>
    public static string? ReadText(string json, string field) => Checked(() => ToolOptions.ReadText(new RequestNode(Parse(json, field), field)));

    /// <summary>How hard to think; null: nothing was said.</summary>
    public static string? Read(V1.ReasoningOptions? reasoning, string field)
    {
        if (reasoning is null) return null;
        var said = new JsonObject();
        if (reasoning.HasEffort) said["effort"] = reasoning.Effort;
        if (reasoning.HasSummary) said["summary"] = reasoning.Summary;
        return Checked(() => ToolOptions.ReadReasoning(Node(said, field)));
    }

    /// <summary>The functions of a turn.</summary>
    public static IEnumerable<V1.FunctionTool> WriteTools(string json)
    {
        foreach (var tool in JsonElement.Parse(json).EnumerateArray())
        {
            var written = new V1.FunctionTool { Name = tool.GetProperty("name").GetString() };
            if (Said(tool, "description") is { } description) written.Description = description.GetString();
            if (Said(tool, "parameters") is { } parameters) written.ParametersJson = parameters.GetRawText();
            if (Said(tool, "strict") is { } strict) written.Strict = strict.GetBoolean();
            yield return written;
        }
    }

    /// <summary>Which tool a turn was to call.</summary>
    public static V1.ToolChoice WriteChoice(string json)
    {
        var choice = JsonElement.Parse(json);
        return choice.ValueKind switch
        {
            JsonValueKind.String => new() { Mode = ModeOf(choice.GetString()) },
            _ when Said(choice, "type")?.GetString() == "function" => new() { Function = choice.GetProperty("name").GetString() },
            _ => new() { Json = json },
        };
    }

    /// <summary>How hard a turn was to think.</summary>
    public static V1.ReasoningOptions WriteReasoning(string json)
    {
        var reasoning = JsonElement.Parse(json);
        var written = new V1.ReasoningOptions();
        if (Said(reasoning, "effort") is { } effort) written.Effort = effort.GetString();
        if (Said(reasoning, "summary") is { } summary) written.Summary = summary.GetString();
        return written;
    }

    private static JsonObject Tool(V1.FunctionTool tool, string field) => new()
    {
        ["type"] = "function",
        ["name"] = GrpcRules.Text(tool.Name, int.MaxValue, $"{field}.name"),
        ["description"] = tool.HasDescription ? GrpcRules.Text(tool.Description, $"{field}.description") : null,
        ["parameters"] = tool.HasParametersJson ? JsonObject.Create(Parse(tool.ParametersJson, $"{field}.parameters_json")) : null,
        ["strict"] = tool.HasStrict ? tool.Strict : null,
    };

    private static JsonValue ModeOf(V1.ToolMode mode, string field) => JsonValue.Create(mode switch
    {
        V1.ToolMode.None => "none",
        V1.ToolMode.Auto => "auto",
        V1.ToolMode.Required => "required",
        _ => throw Invalid($"'{field}' must be NONE, AUTO or REQUIRED.", field),
    });

    private static V1.ToolMode ModeOf(string? mode) => mode switch
    {
        "none" => V1.ToolMode.None,
        "required" => V1.ToolMode.Required,
        _ => V1.ToolMode.Auto,
    };

    private static JsonElement? Said(JsonElement from, string name) =>
        from.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static RequestNode Node(JsonNode node, string field) => new(JsonElement.Parse(node.ToJsonString()), field);

    private static JsonElement Parse(string json, string field)
    {
        try
        {
            return RequestBody.Parse(Encoding.UTF8.GetBytes(GrpcRules.Text(json, field))).Element;
        }
        catch (DialectException)
        {
            throw Invalid($"'{field}' must be a JSON object that can be read, each key once.", field);
        }
    }

    private static string? Checked(Func<string?> read)
    {
        try
        {
            return read();
        }
        catch (DialectException broken)
        {
            throw Invalid(broken.Error.Message, broken.Error.Param ?? "options");
        }
        catch (JsonException)
        {
            throw Invalid("The parameters of the tools are nested too deeply.", "options.tools");
        }
    }

    private static RefusalException Invalid(string message, string field) => new(RefusalCode.Invalid, message, field);
}
