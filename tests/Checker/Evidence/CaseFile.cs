namespace Conversations.Checker.Evidence;

/// <summary>All that one run left to be judged.</summary>
/// <param name="Operations">What the callers asked for and were told.</param>
/// <param name="Stored">What is in the database in the end.</param>
/// <param name="ModelCalls">The model's own log.</param>
/// <param name="Effects">The tools' own log.</param>
public sealed record CaseFile(
    IReadOnlyList<Operation> Operations, IReadOnlyList<StoredSession> Stored, IReadOnlyList<ModelCall> ModelCalls, IReadOnlyList<ToolEffect> Effects);
