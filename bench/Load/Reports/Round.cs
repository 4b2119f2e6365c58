using System.Diagnostics;
using Conversations.Load.Gauges;
using Conversations.Load.Loops;

namespace Conversations.Load.Reports;

/// <summary>What happened between two readings of the gauges.</summary>
internal static class Round
{
    /// <exception cref="TurnException">Nothing did.</exception>
    public static Figures Between(Reading from, Reading to, IEnumerable<Answered> answered)
    {
        var took = answered.Where(turn => turn.At > from.At && turn.At <= to.At).Select(turn => turn.Took).Order().ToList();
        if (took.Count == 0) throw new TurnException("No turn was answered within a round: have it take longer, with --seconds.");
        return new Figures
        {
            Turns = took.Count,
            TurnsPerSecond = took.Count / Stopwatch.GetElapsedTime(from.At, to.At).TotalSeconds,
            P50 = Milliseconds(Rank.At(took, 0.5)),
            P95 = Milliseconds(Rank.At(took, 0.95)),
            P99 = Milliseconds(Rank.At(took, 0.99)),
            Longest = Milliseconds(took[^1]),
            WalBytes = (double?)(to.Wal - from.Wal) / took.Count,
            Statements = (double?)(to.Statements - from.Statements) / took.Count,
            Transactions = (double?)(to.Transactions - from.Transactions) / took.Count,
            AllocatedBytes = (double?)(to.Allocated - from.Allocated) / took.Count,
            Processors = to.Processors.ToDictionary(time => time.Key, time => (time.Value - from.Processors[time.Key]).TotalMilliseconds / took.Count),
        };
    }

    private static double Milliseconds(long ticks) => (double)ticks / Stopwatch.Frequency * 1_000;
}
