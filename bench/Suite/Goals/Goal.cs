using Conversations.Suite.Results;

namespace Conversations.Suite.Goals;

/// <summary>Something that is to be reached.</summary>
/// <param name="Text">What, in a sentence.</param>
/// <param name="Bound">The bound.</param>
/// <param name="IsLeast">Whether it is the least; otherwise the most.</param>
/// <param name="Measured">The figure, or null if what it needs was not measured.</param>
internal sealed record Goal(string Text, double Bound, bool IsLeast, Func<AllResults, double?> Measured)
{
    public static Goal AtLeast(double bound, string text, Func<AllResults, double?> measured) => new(text, bound, true, measured);

    public static Goal AtMost(double bound, string text, Func<AllResults, double?> measured) => new(text, bound, false, measured);

    /// <summary>Whether it is reached; null if that was not measured.</summary>
    public bool? IsMet(AllResults results) => Measured(results) is { } value ? IsLeast ? value >= Bound : value <= Bound : null;
}
