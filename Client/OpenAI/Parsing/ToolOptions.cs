using System.Text;
using System.Text.Json;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads the options that are kept as JSON, in the complete form in which they are echoed.</summary>
internal static class ToolOptions
{
    private const int MaxTools = 128;
    private const int MaxNameLength = 64;

    /// <summary>Reads <c>tools</c>: functions, each with all its keys; null if there are none.</summary>
    public static string? ReadTools(RequestNode? tools)
    {
        if (tools is not { } given) return null;
        var names = new HashSet<string>(StringComparer.Ordinal);
        var all = given.Elements().ToList();
        if (all.Count > MaxTools) throw given.Refused("array_above_max_length", $"'{given.Path}' has more than {MaxTools} tools.");
        return all.Count == 0 ? null : Json(writer =>
        {
            writer.WriteStartArray();
            foreach (var tool in all) WriteTool(writer, tool.Object(), names);
            writer.WriteEndArray();
        });
    }

    /// <summary>Reads <c>tool_choice</c>: none, auto, required, or a function.</summary>
    public static string? ReadChoice(RequestNode? choice)
    {
        if (choice is not { } given) return null;
        if (given.Kind == JsonValueKind.String)
        {
            return given.OneOf("none", "auto", "required") switch { "none" => "\"none\"", "auto" => "\"auto\"", _ => "\"required\"" };
        }

        if (given.Kind != JsonValueKind.Object) throw given.WrongType("a string or an object");
        if (given.Required("type").OneOf("function", "allowed_tools") == "function") given.Required("name").NonEmptyText(MaxNameLength);
        else CheckAllowed(given);
        return given.Raw();
    }

    /// <summary>Reads <c>text</c>; its <c>format</c> is always there afterwards.</summary>
    public static string? ReadText(RequestNode? text)
    {
        if (text is not { } given) return null;
        var format = given.Object().Member("format")?.Object();
        if (format?.Required("type").OneOf("text", "json_object", "json_schema") == "json_schema") CheckSchema(format.Value);
        return Json(writer =>
        {
            writer.WriteStartObject();
            writer.WritePropertyName("format");
            writer.WriteRawValue(format?.Raw() ?? """{"type":"text"}""");
            if (given.Member("verbosity")?.OneOf("low", "medium", "high") is { } verbosity) writer.WriteString("verbosity", verbosity);
            writer.WriteEndObject();
        });
    }

    /// <summary>Reads <c>reasoning</c>; both its keys are always there afterwards.</summary>
    public static string? ReadReasoning(RequestNode? reasoning)
    {
        if (reasoning is not { } given) return null;
        var effort = given.Object().Member("effort")?.OneOf("none", "minimal", "low", "medium", "high", "xhigh", "max");
        var summary = given.Member("summary")?.OneOf("auto", "concise", "detailed");
        return Json(writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("effort", effort);
            writer.WriteString("summary", summary);
            writer.WriteEndObject();
        });
    }

    // A name and a schema may be left out, as some clients do: then any JSON will do.
    private static void CheckSchema(RequestNode format)
    {
        format.Member("name")?.NonEmptyText(MaxNameLength);
        format.Member("description")?.Text();
        format.Member("schema")?.Object();
        format.Member("strict")?.Flag();
    }

    private static void CheckAllowed(RequestNode choice)
    {
        choice.Required("mode").OneOf("auto", "required");
        var tools = choice.Required("tools");
        var count = 0;
        foreach (var tool in tools.Elements())
        {
            tool.Object().Required("type").OneOf("function");
            tool.Required("name").NonEmptyText(MaxNameLength);
            count++;
        }

        if (count is 0 or > MaxTools) throw tools.Refused("invalid_value", $"'{tools.Path}' must name 1 to {MaxTools} tools.");
    }

    private static void WriteTool(Utf8JsonWriter writer, RequestNode tool, HashSet<string> names)
    {
        var type = tool.Required("type");
        if (type.Text() != "function") throw type.Refused("unsupported_value", $"'{type.Path}' must be 'function': no other tools are served here.");
        var name = tool.Required("name");
        if (!names.Add(name.NonEmptyText(MaxNameLength))) throw name.Refused("invalid_value", $"'{name.Path}' names a tool twice.");
        writer.WriteStartObject();
        writer.WriteString("type", "function");
        writer.WriteString("name", name.Text());
        writer.WriteString("description", tool.Member("description")?.Text());
        writer.WritePropertyName("parameters");
        writer.WriteRawValue(tool.Member("parameters")?.Object().Raw() ?? "null");
        writer.WritePropertyName("strict");
        writer.WriteRawValue(tool.Member("strict") is { } strict ? strict.Flag() ? "true" : "false" : "null");
        writer.WriteEndObject();
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Wire.WireJson.Context.Options.Encoder })) write(writer);
        return Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length);
    }
}
