using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>When everything is whole again every accepted turn has ended, once and for all, every session takes another, and every gateway reads it.</summary>
internal sealed class EveryTurnEnds() : SessionRule("I8")
{
    protected override IEnumerable<string> Broken(SessionCase session)
    {
        foreach (var turn in session.Stored?.Turns ?? [])
        {
            if (!turn.IsTerminal && !(turn.IsParked && Waits(session, turn))) yield return $"Turn {turn.Turn} has not ended.";
        }

        foreach (var say in session.Says)
        {
            if (say.IsProbe && say.Status != "completed") yield return $"After all faults '{say.Text}' came to '{say.Status ?? say.Why ?? "nothing"}'.";
            if (say.Accepted is null || session.MayBeDeletedAfter(say.Began)) continue;
            if (!IsTerminal(say.FinalStatus)) yield return $"'{say.Text}' was accepted, and is {say.FinalStatus ?? "unknown"} in the end.";
            if (IsTerminal(say.Status) && say.Status != say.FinalStatus) yield return $"'{say.Text}' was {say.Status}, and is {say.FinalStatus} in the end.";
        }

        foreach (var last in session.Operations.OfType<Read>().Where(read => read.IsFinal).GroupBy(read => read.Via))
        {
            if (last.All(read => read.Outcome == Outcome.Unknown)) yield return $"After all faults {last.Key} did not read it.";
        }
    }

    // Nobody answered: then it may wait for ever.
    private static bool Waits(SessionCase session, StoredTurn turn) => session.Lineage
        .Where(item => item.Turn == turn.Turn && item.Item.IsRequest)
        .Any(item => !session.Operations.OfType<Resolve>().Any(resolve => resolve.Outcome == Outcome.Ok && resolve.CallId == item.Item.CallId));

    private static bool IsTerminal(string? status) => status is "completed" or "incomplete" or "failed" or "cancelled";
}
