using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>What was acknowledged is there: what was said, the answer that the caller was given, and whether a call was approved.</summary>
internal sealed class NothingAcknowledgedIsLost() : SessionRule("I1")
{
    protected override IEnumerable<string> Broken(SessionCase session)
    {
        foreach (var (operation, text, accepted) in session.Said())
        {
            if (accepted is null || session.MayBeDeletedAfter(operation.Began)) continue;
            if (session.Find(text) is not { } said)
            {
                if (session.MayBeErased(text)) continue;
                // One that never began leaves no trace, if somebody ended it.
                if (operation is not Say { FinalStatus: "cancelled" } cancelled || !session.MayBeCancelled(cancelled)) yield return $"'{text}' was accepted, and is not there.";
                continue;
            }

            if (operation is Say { Status: "completed", Answer: { Length: > 0 } answer }
                && !session.MayBeErased(answer)
                && !session.Lineage.Any(item => item.Turn == said.Turn && item.Item.IsAnswer && item.Item.Text == answer))
            {
                yield return $"The answer '{answer}' to '{text}' was given, and is not there.";
            }
        }

        foreach (var resolve in session.Operations.OfType<Resolve>())
        {
            if (resolve.Outcome != Outcome.Ok || session.MayBeErased(resolve.CallId) || session.MayBeDeletedAfter(resolve.Began)) continue;
            if (!session.Lineage.Any(item => item.Item.IsVerdict && item.Item.CallId == resolve.CallId && item.Item.Text == (resolve.Approve ? "yes" : "no")))
                yield return $"Of {resolve.CallId} somebody was thanked for a {(resolve.Approve ? "yes" : "no")}, which is not there.";
        }
    }
}
