using System.Diagnostics;

namespace Conversations.Load.Loops;

/// <summary>When a session's turns are meant to start.</summary>
/// <param name="began">The first moment.</param>
/// <param name="sessions">How many share the rate.</param>
/// <param name="rate">Turns per second over all of them; null: each turn starts when the one before it is answered.</param>
internal sealed class Schedule(long began, int sessions, double? rate)
{
    /// <summary>The moment at which the turn of this number in this session is meant to start; null: whenever.</summary>
    public long? Start(int session, long number) =>
        rate is { } perSecond ? began + (long)((number * sessions + session) / perSecond * Stopwatch.Frequency) : null;
}
