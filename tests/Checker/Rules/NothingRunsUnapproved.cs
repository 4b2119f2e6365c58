using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>A tool that must be asked for takes no effect that nobody approved, and none that somebody was thanked for forbidding.</summary>
internal sealed class NothingRunsUnapproved() : Rule("I7")
{
    public override IEnumerable<Violation> Judge(Case all)
    {
        var answers = all.File.Operations.OfType<Resolve>().Where(resolve => resolve.Outcome != Outcome.Refused).ToLookup(resolve => resolve.CallId);
        foreach (var effect in all.File.Effects.Where(effect => effect.NeedsApproval))
        {
            if (!answers[effect.CallId].Any(answer => answer.Approve)) yield return Violation("", $"{effect.Tool} took effect for {effect.CallId}, which nobody approved.");
            if (answers[effect.CallId].Any(answer => answer is { Approve: false, Outcome: Outcome.Ok })) yield return Violation("", $"{effect.Tool} took effect for {effect.CallId}, which somebody forbade.");
        }
    }
}
