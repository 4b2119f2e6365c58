namespace Conversations.Checker.Evidence;

/// <summary>One call as the model saw it.</summary>
/// <param name="Mark">The word with which its answer begins; no two calls have the same.</param>
/// <param name="Reply">All that it says, or began to say.</param>
/// <param name="Messages">What it was handed, in order; instructions left out.</param>
public sealed record ModelCall(string Mark, string Reply, IReadOnlyList<Item> Messages);

/// <summary>One effect as the tool saw it.</summary>
/// <param name="Tool">The tool.</param>
/// <param name="CallId">The call.</param>
/// <param name="NeedsApproval">Whether it must be asked for first.</param>
public sealed record ToolEffect(string Tool, string CallId, bool NeedsApproval = false);
