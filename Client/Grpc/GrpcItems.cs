using Conversations.History;
using Conversations.Turns;

namespace Conversations.Client.Grpc;

/// <summary>Writes items as the wire has them.</summary>
internal static class GrpcItems
{
    /// <summary>What the id of an erased item starts with: its type went with its content.</summary>
    private const string ErasedPrefix = "item_";

    /// <summary>An item that is on disk, or is the input of a turn that waits.</summary>
    public static V1.Item Write(Item item)
    {
        var written = Name(item.Id, item.Body);
        written.Status = item.Status switch
        {
            ItemStatus.Completed => V1.ItemStatus.Completed,
            ItemStatus.Incomplete => V1.ItemStatus.Incomplete,
            _ => throw Unknown(item.Status),
        };
        written.IsOutput = item.IsOutput;
        if (item.Seq >= 0) written.Seq = item.Seq;
        return written;
    }

    /// <summary>An item that a turn produced, on disk or not.</summary>
    public static V1.Item WriteOutput(Item item)
    {
        var written = Write(item);
        written.IsOutput = true;
        return written;
    }

    /// <summary>An item that a turn begins to produce.</summary>
    public static V1.Item WriteBegun(ItemId id, ItemBody body)
    {
        var written = Name(id, body);
        written.Status = V1.ItemStatus.InProgress;
        written.IsOutput = true;
        return written;
    }

    /// <summary>The id of an item of which only the kind of its text is known.</summary>
    public static string WriteId(ItemId id, DeltaKind kind) => kind switch
    {
        DeltaKind.Text or DeltaKind.Refusal => $"msg_{id}",
        DeltaKind.Arguments => $"fc_{id}",
        DeltaKind.ReasoningSummary => $"rs_{id}",
        _ => throw Unknown(kind),
    };

    private static V1.Item Name(ItemId id, ItemBody? body)
    {
        var written = new V1.Item { Id = body is null ? $"{ErasedPrefix}{id}" : id.ToString(body), TurnId = id.Turn.ToString() };
        switch (body)
        {
            case Message message: written.Message = Write(message); break;
            case FunctionCall call: written.FunctionCall = new() { CallId = call.CallId, Name = call.Name, Arguments = call.Arguments }; break;
            case FunctionCallOutput output: written.FunctionCallOutput = Write(output); break;
            case Reasoning reasoning: written.Reasoning = Write(reasoning); break;
            case Compaction compaction: written.Compaction = new() { Summary = compaction.Summary }; break;
            case ApprovalRequest ask: written.ApprovalRequest = new() { CallId = ask.CallId, Name = ask.Name, Arguments = ask.Arguments }; break;
            case ApprovalResponse answer: written.ApprovalResponse = Write(answer); break;
            case null: break;
            default: throw Unknown(body);
        }

        return written;
    }

    /// <summary>What somebody said.</summary>
    public static V1.Message Write(Message message)
    {
        var written = new V1.Message
        {
            Role = message.Role switch
            {
                Role.User => V1.Role.User,
                Role.Assistant => V1.Role.Assistant,
                Role.System => V1.Role.System,
                Role.Developer => V1.Role.Developer,
                _ => throw Unknown(message.Role),
            },
        };
        written.Content.AddRange(message.Content.Select(Write));
        return written;
    }

    private static V1.ContentPart Write(ContentPart part) => part switch
    {
        InputText text => new() { InputText = new() { Text = text.Text } },
        InputImage image => new() { InputImage = Write(image) },
        InputFile file => new() { InputFile = Write(file) },
        OutputText text => new() { OutputText = new() { Text = text.Text } },
        RefusalText refusal => new() { Refusal = new() { Refusal = refusal.Refusal } },
        _ => throw Unknown(part),
    };

    private static V1.FunctionCallOutput Write(FunctionCallOutput output)
    {
        var written = new V1.FunctionCallOutput { CallId = output.CallId, Output = output.Output };
        if (output.Parts is { } parts) written.Parts.AddRange(parts.Select(Write));
        return written;
    }

    private static V1.InputImage Write(InputImage image)
    {
        var written = new V1.InputImage { Detail = image.Detail };
        if (image.ImageUrl is not null) written.ImageUrl = image.ImageUrl;
        if (image.FileId is not null) written.FileId = image.FileId;
        return written;
    }

    private static V1.InputFile Write(InputFile file)
    {
        var written = new V1.InputFile();
        if (file.Filename is not null) written.Filename = file.Filename;
        if (file.FileData is not null) written.FileData = file.FileData;
        if (file.FileUrl is not null) written.FileUrl = file.FileUrl;
        if (file.FileId is not null) written.FileId = file.FileId;
        return written;
    }

    private static V1.Reasoning Write(Reasoning reasoning)
    {
        var written = new V1.Reasoning();
        written.Summary.AddRange(reasoning.Summary);
        if (reasoning.EncryptedContent is not null) written.EncryptedContent = reasoning.EncryptedContent;
        return written;
    }

    private static V1.ApprovalResponse Write(ApprovalResponse answer)
    {
        var written = new V1.ApprovalResponse { CallId = answer.CallId, Approve = answer.Approve };
        if (answer.Reason is not null) written.Reason = answer.Reason;
        return written;
    }

    private static InvalidOperationException Unknown(object value) => new($"The wire has no word for {value.GetType().Name} {value as Enum}.");
}
