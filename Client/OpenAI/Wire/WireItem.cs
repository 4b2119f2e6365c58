using System.Text.Json.Serialization;

namespace Conversations.Client.OpenAI.Wire;

/// <summary>An item of history.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(WireMessage), "message")]
[JsonDerivedType(typeof(WireFunctionCall), "function_call")]
[JsonDerivedType(typeof(WireFunctionCallOutput), "function_call_output")]
[JsonDerivedType(typeof(WireReasoning), "reasoning")]
[JsonDerivedType(typeof(WireCompaction), "compaction")]
[JsonDerivedType(typeof(WireApprovalRequest), "conversations:approval_request")]
[JsonDerivedType(typeof(WireApprovalResponse), "conversations:approval_response")]
internal abstract record WireItem(string Id);

internal sealed record WireMessage(string Id, string Status, string Role, IReadOnlyList<WirePart> Content) : WireItem(Id);

internal sealed record WireFunctionCall(string Id, string Status, string CallId, string Name, string Arguments) : WireItem(Id);

internal sealed record WireFunctionCallOutput(string Id, string Status, string CallId, WireOutput Output) : WireItem(Id);

internal sealed record WireReasoning(
    string Id,
    string Status,
    IReadOnlyList<WirePart> Summary,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? EncryptedContent) : WireItem(Id);

internal sealed record WireCompaction(string Id, string EncryptedContent) : WireItem(Id);

internal sealed record WireApprovalRequest(string Id, string Status, string CallId, string Name, string Arguments) : WireItem(Id);

internal sealed record WireApprovalResponse(string Id, string Status, string CallId, bool Approve, string? Reason) : WireItem(Id);
