using System.Collections.Immutable;
using System.Text.Json;
using Conversations.Client.OpenAI.Errors;
using Conversations.History;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads the items that a caller sends.</summary>
internal static class InputItems
{
    private const int MaxNameLength = 256;

    /// <summary>Reads <c>input</c>: a string is one message of the user.</summary>
    public static ImmutableArray<ItemBody> ReadInput(RequestNode input, int maxItems) => input.Kind switch
    {
        JsonValueKind.String => [new Message(Role.User, [new InputText(input.NonEmptyText())])],
        JsonValueKind.Array => ReadItems(input, maxItems),
        _ => throw input.WrongType("a string or an array of items"),
    };

    /// <summary>Reads an array of items: at least one, at most <paramref name="maxItems"/>.</summary>
    public static ImmutableArray<ItemBody> ReadItems(RequestNode items, int maxItems)
    {
        var count = items.Kind == JsonValueKind.Array ? items.Element.GetArrayLength() : throw items.WrongType("an array of items");
        if (count == 0) throw items.Refused("empty_array", $"'{items.Path}' is empty: send at least one item.");
        if (count > maxItems) throw items.Refused("array_above_max_length", $"'{items.Path}' has {count} items; at most {maxItems} go at once.");
        return [.. items.Elements().Select(ReadItem)];
    }

    private static ItemBody ReadItem(RequestNode item)
    {
        item.Object();
        var type = item.Member("type");
        return type?.Text() switch
        {
            null when item.Member("role") is not null => ReadMessage(item),
            null => throw item.Required("type").WrongType("a string"),
            "message" => ReadMessage(item),
            "function_call" => new FunctionCall(
                item.Required("call_id").NonEmptyText(MaxNameLength),
                item.Required("name").NonEmptyText(MaxNameLength),
                item.Required("arguments").Text()),
            "function_call_output" => new FunctionCallOutput(
                item.Required("call_id").NonEmptyText(MaxNameLength), ReadOutput(item.Required("output"))),
            "reasoning" => new Reasoning(
                [.. (item.Member("summary")?.Elements() ?? []).Select(ReadSummary)], item.Member("encrypted_content")?.Text()),
            "compaction" => new Compaction(item.Required("encrypted_content").NonEmptyText()),
            _ => throw type!.Value.Refused(
                "unsupported_value",
                $"'{type.Value.Path}' must be one of: message, function_call, function_call_output, reasoning, compaction."),
        };
    }

    private static Message ReadMessage(RequestNode item)
    {
        var role = item.Required("role").OneOf("user", "assistant", "system", "developer") switch
        {
            "user" => Role.User,
            "assistant" => Role.Assistant,
            "system" => Role.System,
            _ => Role.Developer,
        };
        var content = item.Required("content");
        if (content.Kind == JsonValueKind.String)
        {
            var text = content.NonEmptyText();
            return new Message(role, [role == Role.Assistant ? new OutputText(text) : new InputText(text)]);
        }

        var parts = content.Elements().Select(part => ReadPart(part.Object(), role)).ToImmutableArray();
        return parts.Length > 0 ? new Message(role, parts) : throw content.Refused("empty_array", $"'{content.Path}' is empty.");
    }

    private static ContentPart ReadPart(RequestNode part, Role role)
    {
        var type = part.Required("type");
        return role == Role.Assistant
            ? type.OneOf("output_text", "refusal") == "refusal"
                ? new RefusalText(part.Required("refusal").Text())
                : new OutputText(part.Required("text").Text())
            : type.OneOf("input_text", "input_image", "input_file") switch
            {
                "input_text" => new InputText(part.Required("text").NonEmptyText()),
                "input_image" => ReadImage(part),
                _ => ReadFile(part),
            };
    }

    private static InputImage ReadImage(RequestNode part)
    {
        var image = new InputImage(
            part.Member("image_url")?.NonEmptyText(),
            part.Member("file_id")?.NonEmptyText(),
            part.Member("detail")?.OneOf("low", "high", "auto", "original") ?? "auto");
        return image is { ImageUrl: null, FileId: null } ? throw Needs(part, "image_url or file_id") : image;
    }

    private static InputFile ReadFile(RequestNode part)
    {
        var file = new InputFile(
            part.Member("filename")?.Text(),
            part.Member("file_data")?.NonEmptyText(),
            part.Member("file_url")?.NonEmptyText(),
            part.Member("file_id")?.NonEmptyText());
        return file is { FileData: null, FileUrl: null, FileId: null } ? throw Needs(part, "file_data, file_url or file_id") : file;
    }

    private static string ReadOutput(RequestNode output) => output.Kind == JsonValueKind.String
        ? output.Text()
        : string.Concat(output.Elements().Select(part =>
        {
            part.Object().Required("type").OneOf("input_text");
            return part.Required("text").Text();
        }));

    private static string ReadSummary(RequestNode part)
    {
        part.Object().Required("type").OneOf("summary_text");
        return part.Required("text").Text();
    }

    private static DialectException Needs(RequestNode part, string members) =>
        part.Refused("missing_required_parameter", $"'{part.Path}' needs {members}.");
}
