namespace Conversations.Load;

/// <summary>What is done, and for how long.</summary>
internal sealed record Plan
{
    /// <summary>How many sessions have turns at the same time, each one after the other.</summary>
    public required int Sessions { get; init; }

    /// <summary>How long turns are had before anything is measured.</summary>
    public required TimeSpan Warmup { get; init; }

    /// <summary>How long a round is.</summary>
    public required TimeSpan Round { get; init; }

    /// <summary>How many rounds, one after the other.</summary>
    public required int Rounds { get; init; }

    /// <summary>How many characters each turn says.</summary>
    public required int Message { get; init; }

    /// <summary>Turns per second over all sessions, whether or not earlier ones are answered; null: each as soon as the one before it is.</summary>
    public double? Rate { get; init; }
}
