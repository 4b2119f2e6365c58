namespace Conversations.Suite;

/// <summary>How long and how much.</summary>
internal sealed record Settings
{
    /// <summary>How many rounds, each a new start of everything.</summary>
    public required int Rounds { get; init; }

    /// <summary>How long a round of a case lasts.</summary>
    public required double Seconds { get; init; }

    /// <summary>How long before it nothing is measured, for each process of ours.</summary>
    public required double Warmup { get; init; }

    /// <summary>How many sessions have turns at the same time.</summary>
    public required int Sessions { get; init; }

    /// <summary>Whether the tool itself is tried: a long history is not as long, and many sessions are not as many.</summary>
    public required bool Quick { get; init; }
}
