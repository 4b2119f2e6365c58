namespace Conversations.Checker.Evidence;

/// <summary>An entry of a history, as told on the wire or as stored.</summary>
/// <param name="Type">The dialect's name for its kind.</param>
/// <param name="Role">Of a message.</param>
/// <param name="Text">What was said, the arguments of a call, or the output of one; null when it was erased.</param>
/// <param name="CallId">Of a call or its output.</param>
public sealed record Item(string Type, string? Role, string? Text, string? CallId)
{
    /// <summary>Whether a caller brought it, rather than the model or a tool.</summary>
    public bool IsUser => Type == "message" && Role == "user";

    /// <summary>Whether the model said it.</summary>
    public bool IsAnswer => Type == "message" && Role == "assistant";

    /// <summary>Whether somebody was asked to approve a call.</summary>
    public bool IsRequest => Type == "conversations:approval_request";

    /// <summary>Whether it is what somebody answered: <c>yes</c> or <c>no</c>.</summary>
    public bool IsVerdict => Type == "conversations:approval_response";

    /// <summary>Whether it was erased: its place is there, and nothing else.</summary>
    public bool IsBlank => Type == "message" && Text is null;

    /// <summary>What nothing else is called by: a call and its result by the call, anything else by what it says.</summary>
    public string? Name => CallId ?? Text;

    public override string ToString() => $"{Role ?? Type}: {Text ?? "(erased)"}{(CallId is null ? "" : $" #{CallId}")}";
}
