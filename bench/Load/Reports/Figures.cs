namespace Conversations.Load.Reports;

/// <summary>What a round came to. What is counted is per turn; what could not be read is null.</summary>
internal sealed record Figures
{
    public required long Turns { get; init; }

    public required double TurnsPerSecond { get; init; }

    /// <summary>Half of the turns took no longer, in milliseconds; so the others.</summary>
    public required double P50 { get; init; }

    public required double P95 { get; init; }

    public required double P99 { get; init; }

    public required double Longest { get; init; }

    public double? WalBytes { get; init; }

    public double? Statements { get; init; }

    public double? Transactions { get; init; }

    public double? AllocatedBytes { get; init; }

    /// <summary>Milliseconds of processor time, by process.</summary>
    public required IReadOnlyDictionary<string, double> Processors { get; init; }
}
