namespace Conversations.Checker;

/// <summary>A rule that does not hold.</summary>
/// <param name="Rule">Its name.</param>
/// <param name="Invariant">Which of I1 to I9 it is of.</param>
/// <param name="Session">Where.</param>
/// <param name="What">What is wrong, in a sentence.</param>
public sealed record Violation(string Rule, string Invariant, string Session, string What)
{
    public override string ToString() => $"{Invariant} {Rule} [{Session}] {What}";
}
