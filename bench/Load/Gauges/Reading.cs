namespace Conversations.Load.Gauges;

/// <summary>What all gauges showed at one moment. What could not be read is null.</summary>
internal sealed record Reading
{
    /// <summary>When, in ticks of the stopwatch.</summary>
    public required long At { get; init; }

    /// <summary>Bytes of write-ahead log so far.</summary>
    public decimal? Wal { get; init; }

    /// <summary>Statements that callers sent to the database so far.</summary>
    public long? Statements { get; init; }

    /// <summary>Transactions that ended in the database so far.</summary>
    public long? Transactions { get; init; }

    /// <summary>Bytes that this process allocated so far.</summary>
    public long? Allocated { get; init; }

    /// <summary>Processor time so far, by process.</summary>
    public required IReadOnlyDictionary<string, TimeSpan> Processors { get; init; }
}
