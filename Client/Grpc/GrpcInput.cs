using System.Collections.Immutable;
using Conversations.Client.Parts;
using Conversations.Client.Requests;
using Conversations.History;
using Conversations.Sessions;

namespace Conversations.Client.Grpc;

/// <summary>Reads the items that callers hand in; what breaks a rule is refused by the name of its field.</summary>
internal static class GrpcInput
{
    /// <summary>The longest function name and call id, in characters.</summary>
    private const int MaxName = 256;

    /// <summary>The items of one request, at least one.</summary>
    public static ImmutableArray<ItemBody> Read(IReadOnlyList<V1.InputItem> items, string field)
    {
        GrpcRules.ItemCount(items.Count, field);
        return [.. items.Select((item, index) => Read(item, $"{field}[{index}]"))];
    }

    private static ItemBody Read(V1.InputItem item, string field) => item.BodyCase switch
    {
        V1.InputItem.BodyOneofCase.Message => Read(item.Message, $"{field}.message"),
        V1.InputItem.BodyOneofCase.FunctionCall => Read(item.FunctionCall, $"{field}.function_call"),
        V1.InputItem.BodyOneofCase.FunctionCallOutput => Read(item.FunctionCallOutput, $"{field}.function_call_output"),
        V1.InputItem.BodyOneofCase.Reasoning => Read(item.Reasoning, $"{field}.reasoning"),
        V1.InputItem.BodyOneofCase.Compaction => new Compaction(GrpcRules.Text(item.Compaction.Summary, int.MaxValue, $"{field}.compaction.summary")),
        V1.InputItem.BodyOneofCase.ItemReference => new ItemReference(
            GrpcRules.Text(item.ItemReference.Id, MaxName, $"{field}.item_reference.id"), $"{field}.item_reference.id"),
        _ => throw Invalid($"'{field}' must be a message, function_call, function_call_output, reasoning, compaction or item_reference.", field),
    };

    private static Message Read(V1.Message message, string field)
    {
        var role = message.Role switch
        {
            V1.Role.User => Role.User,
            V1.Role.Assistant => Role.Assistant,
            V1.Role.System => Role.System,
            V1.Role.Developer => Role.Developer,
            _ => throw Invalid($"'{field}.role' must be USER, ASSISTANT, SYSTEM or DEVELOPER.", $"{field}.role"),
        };
        if (message.Content.Count == 0) throw Invalid($"'{field}.content' is empty; a message has at least one part.", $"{field}.content");
        return new Message(role, [.. message.Content.Select((part, index) => Read(part, role, $"{field}.content[{index}]"))]);
    }

    private static ContentPart Read(V1.ContentPart part, Role role, string field)
    {
        if (part.PartCase is V1.ContentPart.PartOneofCase.None)
        {
            throw Invalid($"'{field}' must hold input_text, input_image, input_file, output_text or refusal.", field);
        }

        var isOutput = part.PartCase is V1.ContentPart.PartOneofCase.OutputText or V1.ContentPart.PartOneofCase.Refusal;
        if (isOutput != (role == Role.Assistant))
        {
            throw Invalid($"'{field}': an assistant's message holds output_text and refusal, any other the input parts.", field);
        }

        if (role != Role.User && part.PartCase is V1.ContentPart.PartOneofCase.InputImage or V1.ContentPart.PartOneofCase.InputFile)
        {
            throw Invalid($"'{field}': images and files go into messages of the user.", field);
        }

        return part.PartCase switch
        {
            V1.ContentPart.PartOneofCase.InputText => new InputText(GrpcRules.Text(part.InputText.Text, int.MaxValue, $"{field}.input_text.text")),
            V1.ContentPart.PartOneofCase.InputImage => Read(part.InputImage, $"{field}.input_image"),
            V1.ContentPart.PartOneofCase.InputFile => Read(part.InputFile, $"{field}.input_file"),
            V1.ContentPart.PartOneofCase.OutputText => new OutputText(GrpcRules.Text(part.OutputText.Text, $"{field}.output_text.text")),
            _ => new RefusalText(GrpcRules.Text(part.Refusal.Refusal, $"{field}.refusal.refusal")),
        };
    }

    private static InputImage Read(V1.InputImage image, string field)
    {
        if (image.HasFileId) throw Invalid($"'{field}.file_id' {MediaRules.NoFiles}", $"{field}.file_id");
        if (!image.HasImageUrl) throw Invalid($"'{field}' must have image_url.", field);
        var url = GrpcRules.Text(image.ImageUrl, int.MaxValue, $"{field}.image_url");
        Check(MediaRules.OfImage(url), $"{field}.image_url");
        return new InputImage(
            url,
            null,
            image.Detail switch
            {
                "" => "auto",
                "low" or "high" or "auto" or "original" => image.Detail,
                _ => throw Invalid($"'{field}.detail' must be low, high, auto or original.", $"{field}.detail"),
            });
    }

    private static InputFile Read(V1.InputFile file, string field)
    {
        if (file.HasFileId) throw Invalid($"'{field}.file_id' {MediaRules.NoFiles}", $"{field}.file_id");
        if (file.HasFileData == file.HasFileUrl) throw Invalid($"'{field}' must have one of file_data and file_url.", field);
        var name = file.HasFilename ? GrpcRules.Text(file.Filename, MaxName, $"{field}.filename") : null;
        if (file.HasFileUrl)
        {
            var url = GrpcRules.Text(file.FileUrl, int.MaxValue, $"{field}.file_url");
            Check(MediaRules.OfAddress(url), $"{field}.file_url");
            return new InputFile(name, null, url, null);
        }

        var data = GrpcRules.Text(file.FileData, int.MaxValue, $"{field}.file_data");
        Check(MediaRules.OfFile(data), $"{field}.file_data");
        if (name is null && MediaRules.NeedsName(data)) throw Invalid($"'{field}.filename' is missing: bare base64 does not tell its type.", $"{field}.filename");
        return new InputFile(name, data, null, null);
    }

    private static void Check(MediaFault? fault, string field)
    {
        if (fault is not null) throw Invalid($"'{field}' {fault.What}", field);
    }

    private static FunctionCall Read(V1.FunctionCall call, string field) => new(
        GrpcRules.Text(call.CallId, MaxName, $"{field}.call_id"),
        GrpcRules.Text(call.Name, MaxName, $"{field}.name"),
        GrpcRules.Text(call.Arguments, $"{field}.arguments"));

    private static FunctionCallOutput Read(V1.FunctionCallOutput output, string field)
    {
        var callId = GrpcRules.Text(output.CallId, MaxName, $"{field}.call_id");
        return output.Parts.Count == 0
            ? new FunctionCallOutput(callId, GrpcRules.Text(output.Output, $"{field}.output"))
            : FunctionCallOutput.Of(callId, [.. output.Parts.Select((part, index) => ReadOutput(part, $"{field}.parts[{index}]"))]);
    }

    private static ContentPart ReadOutput(V1.ContentPart part, string field) => part.PartCase switch
    {
        V1.ContentPart.PartOneofCase.InputText => new InputText(GrpcRules.Text(part.InputText.Text, $"{field}.input_text.text")),
        V1.ContentPart.PartOneofCase.InputImage => Read(part.InputImage, $"{field}.input_image"),
        V1.ContentPart.PartOneofCase.InputFile => Read(part.InputFile, $"{field}.input_file"),
        _ => throw Invalid($"'{field}' must hold input_text, input_image or input_file.", field),
    };

    private static Reasoning Read(V1.Reasoning reasoning, string field) => new(
        [.. reasoning.Summary.Select((text, index) => GrpcRules.Text(text, $"{field}.summary[{index}]"))],
        reasoning.HasEncryptedContent ? GrpcRules.Text(reasoning.EncryptedContent, $"{field}.encrypted_content") : null);

    private static RefusalException Invalid(string message, string field) => new(RefusalCode.Invalid, message, field);
}
