using Conversations.Client.OpenAI.Wire;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Client.OpenAI.Shapes;

/// <summary>Items as the dialect has them.</summary>
internal static class ItemShape
{
    /// <summary>An item; null for an erased one, of which there is nothing to show.</summary>
    public static WireItem? Of(Item item) =>
        item.Body is { } body ? Of(item.Id, body, item.Status == ItemStatus.Completed ? "completed" : "incomplete") : null;

    /// <summary>Those of the items that are not erased.</summary>
    public static IReadOnlyList<WireItem> Of(IEnumerable<Item> items) => [.. items.Select(Of).OfType<WireItem>()];

    /// <summary>An item that begins.</summary>
    public static WireItem Begun(ItemId id, ItemBody body) => Of(id, body, "in_progress");

    /// <summary>A whole part of an output item.</summary>
    public static WirePart Part(DeltaKind kind, string text) => kind switch
    {
        DeltaKind.Refusal => new WireRefusal(text),
        DeltaKind.ReasoningSummary => new WireSummaryText(text),
        _ => new WireOutputText(text),
    };

    /// <summary>The id of the item that a piece of the given kind belongs to.</summary>
    public static string IdOf(ItemId id, DeltaKind kind) => kind switch
    {
        DeltaKind.Arguments => "fc_",
        DeltaKind.ReasoningSummary => "rs_",
        _ => "msg_",
    } + id;

    private static WireItem Of(ItemId id, ItemBody body, string status) => body switch
    {
        Message message => new WireMessage(id.ToString(body), status, RoleOf(message.Role), [.. message.Content.Select(Of)]),
        FunctionCall call => new WireFunctionCall(id.ToString(body), status, call.CallId, call.Name, call.Arguments),
        FunctionCallOutput output => new WireFunctionCallOutput(
            id.ToString(body), status, output.CallId, new WireOutput(output.Output, output.Parts is { } parts ? [.. parts.Select(Of)] : null)),
        Reasoning reasoning => new WireReasoning(
            id.ToString(body), status, [.. reasoning.Summary.Select(text => new WireSummaryText(text))], reasoning.EncryptedContent),
        Compaction compaction => new WireCompaction(id.ToString(body), compaction.Summary),
        ApprovalRequest request => new WireApprovalRequest(id.ToString(body), status, request.CallId, request.Name, request.Arguments),
        ApprovalResponse answer => new WireApprovalResponse(id.ToString(body), status, answer.CallId, answer.Approve, answer.Reason),
        _ => throw new InvalidOperationException($"The dialect has no {body.GetType().Name}."),
    };

    private static WirePart Of(ContentPart part) => part switch
    {
        InputText text => new WireInputText(text.Text),
        InputImage image => new WireInputImage(image.ImageUrl, image.FileId, image.Detail),
        InputFile file => new WireInputFile(file.Filename, file.FileData, file.FileUrl, file.FileId),
        OutputText text => new WireOutputText(text.Text),
        RefusalText refusal => new WireRefusal(refusal.Refusal),
        _ => throw new InvalidOperationException($"The dialect has no {part.GetType().Name}."),
    };

    private static string RoleOf(Role role) => role switch
    {
        Role.User => "user",
        Role.Assistant => "assistant",
        Role.System => "system",
        _ => "developer",
    };
}
