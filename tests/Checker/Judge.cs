using Conversations.Checker.Evidence;
using Conversations.Checker.Rules;

namespace Conversations.Checker;

/// <summary>Decides from the evidence alone whether the invariants held.</summary>
public static class Judge
{
    private static readonly Rule[] Rules =
    [
        new NothingAcknowledgedIsLost(),
        new NothingIsThereTwice(),
        new NothingRefusedIsThere(),
        new ErasedStaysErased(),
        new SeenOnceSeenEver(),
        new StoredInOneSequence(),
        new ReadsArePrefixes(),
        new ReadsSeeWhatWasAcknowledged(),
        new OrderIsThatOfTheCallers(),
        new AnswersKnowTheirPrefix(),
        new StreamsAreWhole(),
        new EffectsHappenOnce(),
        new NothingRunsUnapproved(),
        new TenantsAreApart(),
        new EveryTurnEnds(),
        new PromptsAreValid(),
    ];

    /// <summary>Everything that does not hold.</summary>
    public static IReadOnlyList<Violation> Violations(CaseFile file)
    {
        var all = new Case(file);
        return [.. Rules.SelectMany(rule => rule.Judge(all))];
    }
}
