using System.Collections.Immutable;
using System.Text.Json;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.Parts;
using Conversations.Client.Requests;
using Conversations.History;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads the items that a caller sends.</summary>
internal static class InputItems
{
    private const int MaxNameLength = 256;

    /// <summary>Reads <c>input</c>: a string is one message of the user.</summary>
    public static ImmutableArray<ItemBody> ReadInput(RequestNode input, int maxItems, bool mayBringNothing = false) => input.Kind switch
    {
        JsonValueKind.Array when mayBringNothing && input.Element.GetArrayLength() == 0 => [],
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
            null when item.Member("id") is not null => ReadReference(item),
            null => throw item.Required("type").WrongType("a string"),
            "message" => ReadMessage(item),
            "function_call" => new FunctionCall(
                item.Required("call_id").NonEmptyText(MaxNameLength),
                item.Required("name").NonEmptyText(MaxNameLength),
                item.Required("arguments").Text()),
            "function_call_output" => ReadOutput(item.Required("call_id").NonEmptyText(MaxNameLength), item.Required("output")),
            "reasoning" => new Reasoning(
                [.. (item.Member("summary")?.Elements() ?? []).Select(ReadSummary)], item.Member("encrypted_content")?.Text()),
            "compaction" => new Compaction(item.Required("encrypted_content").NonEmptyText()),
            "item_reference" => ReadReference(item),
            _ => throw type!.Value.Refused(
                "unsupported_value",
                $"'{type.Value.Path}' must be one of: message, function_call, function_call_output, reasoning, compaction, item_reference."),
        };
    }

    private static ItemReference ReadReference(RequestNode item)
    {
        var id = item.Required("id");
        var name = id.NonEmptyText(MaxNameLength);
        ItemName.Read(name, id.Path);
        return new ItemReference(name, id.Path);
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
            // A reply may have come to nothing, and is given back as it is.
            return new Message(role, [role == Role.Assistant ? new OutputText(content.Text()) : new InputText(content.NonEmptyText())]);
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
                _ when role != Role.User => throw type.Refused("invalid_value", $"'{type.Path}': images and files go into messages of the user."),
                "input_image" => ReadImage(part),
                _ => ReadFile(part),
            };
    }

    private static InputImage ReadImage(RequestNode part)
    {
        RefuseFileId(part);
        if (part.Member("image_url") is not { } url) throw Needs(part, "image_url");
        Check(url, MediaRules.OfImage(url.NonEmptyText()));
        return new InputImage(url.Text(), null, part.Member("detail")?.OneOf("low", "high", "auto", "original") ?? "auto");
    }

    private static InputFile ReadFile(RequestNode part)
    {
        RefuseFileId(part);
        var name = part.Member("filename")?.NonEmptyText(MaxNameLength);
        var (data, url) = (part.Member("file_data"), part.Member("file_url"));
        if (data is null && url is null) throw Needs(part, "file_data or file_url");
        if (data is not null && url is { } second) throw second.Refused("mutually_exclusive_parameters", $"'{second.Path}' cannot go together with file_data: send one of them.");
        if (url is { } address) Check(address, MediaRules.OfAddress(address.NonEmptyText()));
        if (data is { } content)
        {
            Check(content, MediaRules.OfFile(content.NonEmptyText()));
            if (name is null && MediaRules.NeedsName(content.Text())) part.Required("filename");
        }

        return new InputFile(name, data?.Text(), url?.Text(), null);
    }

    private static void RefuseFileId(RequestNode part)
    {
        if (part.Member("file_id") is { } id) throw id.Refused("unsupported_parameter", $"'{id.Path}' {MediaRules.NoFiles}");
    }

    private static void Check(RequestNode value, MediaFault? fault)
    {
        if (fault is not null) throw value.Refused(fault.Code, $"'{value.Path}' {fault.What}");
    }

    private static FunctionCallOutput ReadOutput(string callId, RequestNode output) => output.Kind == JsonValueKind.String
        ? new FunctionCallOutput(callId, output.Text())
        : FunctionCallOutput.Of(callId, [.. output.Elements().Select(ReadOutputPart)]);

    private static ContentPart ReadOutputPart(RequestNode part) => part.Object().Required("type").OneOf("input_text", "input_image", "input_file") switch
    {
        "input_text" => new InputText(part.Required("text").Text()),
        "input_image" => ReadImage(part),
        _ => ReadFile(part),
    };

    private static string ReadSummary(RequestNode part)
    {
        part.Object().Required("type").OneOf("summary_text");
        return part.Required("text").Text();
    }

    private static DialectException Needs(RequestNode part, string members) =>
        part.Refused("missing_required_parameter", $"'{part.Path}' needs {members}.");
}
