using Conversations.Checker;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Rounds;

/// <summary>One round: callers at work, faults, calm, judgement.</summary>
internal sealed record RoundResult(int Number, int Seed, IReadOnlyList<Strike> Strikes, CaseFile File, IReadOnlyList<Violation> Violations)
{
    public IEnumerable<Say> Says => File.Operations.OfType<Say>();

    /// <summary>Wishes of which their callers never knew what became of them.</summary>
    public int Unknown => File.Operations.Count(operation => operation is not Read && operation.Outcome == Outcome.Unknown);

    /// <summary>How many things were asked for, readings included.</summary>
    public int Operations { get; private init; } = File.Operations.Count;

    /// <summary>How often the model was called.</summary>
    public int ModelCalls { get; private init; } = File.ModelCalls.Count;

    /// <summary>Model calls beyond one for each reply that is kept.</summary>
    public int RepeatedCalls { get; private init; } =
        File.ModelCalls.Count - File.Stored.SelectMany(session => session.Items).Count(item => item.Item.IsAnswer || item.Item.Type == "function_call");

    /// <summary>The same without what takes room and is of no more use once it is judged.</summary>
    public RoundResult WithoutTexts() => this with { File = File with { Stored = [], ModelCalls = [], Effects = [], Operations = [.. File.Operations.Where(o => o is not Read)] } };
}
