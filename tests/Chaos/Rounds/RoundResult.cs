using Conversations.Checker;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Rounds;

/// <summary>One round: callers at work, faults, calm, judgement.</summary>
internal sealed record RoundResult(int Number, int Seed, IReadOnlyList<Strike> Strikes, CaseFile File, IReadOnlyList<Violation> Violations)
{
    public IEnumerable<Say> Says => File.Operations.OfType<Say>();

    /// <summary>Turns of which their callers never knew what became of them.</summary>
    public int Unknown => File.Operations.Count(operation => operation is not Read && operation.Outcome == Outcome.Unknown);

    /// <summary>Model calls beyond one for each answer that is kept.</summary>
    public int RepeatedCalls => File.ModelCalls.Count - File.Stored.SelectMany(session => session.Items).Count(item => item.Item.IsAnswer || item.Item.Type == "function_call");
}
