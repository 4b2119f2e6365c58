using Conversations.Client.Grpc.V1;
using Item = Conversations.Checker.Evidence.Item;

namespace Conversations.Chaos.Workload;

/// <summary>Items as gRPC writes them, in the words of the evidence.</summary>
internal static class GrpcItems
{
    public static Item Read(Client.Grpc.V1.Item item) => item.BodyCase switch
    {
        Client.Grpc.V1.Item.BodyOneofCase.Message => new Item("message", item.Message.Role.ToString().ToLowerInvariant(), TextOf(item.Message), null),
        Client.Grpc.V1.Item.BodyOneofCase.FunctionCall => new Item("function_call", null, item.FunctionCall.Arguments, item.FunctionCall.CallId),
        Client.Grpc.V1.Item.BodyOneofCase.FunctionCallOutput => new Item("function_call_output", null, item.FunctionCallOutput.Output, item.FunctionCallOutput.CallId),
        Client.Grpc.V1.Item.BodyOneofCase.ApprovalRequest => new Item("conversations:approval_request", null, item.ApprovalRequest.Arguments, item.ApprovalRequest.CallId),
        Client.Grpc.V1.Item.BodyOneofCase.ApprovalResponse => new Item("conversations:approval_response", null, WireItems.Verdict(item.ApprovalResponse.Approve), item.ApprovalResponse.CallId),
        _ => new Item(item.BodyCase.ToString(), null, null, null),
    };

    /// <summary>A turn's status in the dialect's words.</summary>
    public static string Status(TurnStatus status) => status == TurnStatus.InProgress ? "in_progress" : status.ToString().ToLowerInvariant();

    private static string TextOf(Message message) => string.Concat(message.Content.Select(part => part.PartCase switch
    {
        ContentPart.PartOneofCase.InputText => part.InputText.Text,
        ContentPart.PartOneofCase.OutputText => part.OutputText.Text,
        _ => part.ToString(),
    }));
}
