using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>What was refused did not happen: it is in no history, and no model saw it.</summary>
internal sealed class NothingRefusedIsThere() : SessionRule("I2")
{
    protected override IEnumerable<string> Broken(SessionCase session)
    {
        foreach (var (operation, text, _) in session.Said())
        {
            // A request that was begun, lost with its session, and then sent again is refused as a new one.
            if (operation.Outcome != Outcome.Refused || session.MayBeDeletedAfter(operation.Began)) continue;
            if (session.Find(text) is not null) yield return $"'{text}' was refused, and is there.";
            if (session.Reads.Any(read => read.Items.Any(item => item.Text == text))) yield return $"'{text}' was refused, and was read.";
            if (session.All.Handed.Contains(text)) yield return $"'{text}' was refused, and a model was handed it.";
        }
    }
}
