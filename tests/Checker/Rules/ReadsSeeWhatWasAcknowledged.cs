using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>Who reads after something was acknowledged, through whatever gateway, reads it.</summary>
internal sealed class ReadsSeeWhatWasAcknowledged() : SessionRule("I4")
{
    protected override IEnumerable<string> Broken(SessionCase session)
    {
        foreach (var (operation, text, _) in session.Said())
        {
            if (operation.Outcome != Outcome.Ok || operation is Say { Status: not "completed" } || session.MayBeDeletedAfter(operation.Began)) continue;
            if (session.Find(text) is { } said && session.Superseded.Contains(said.Turn)) continue;
            foreach (var read in session.Reads.Where(read => read.Began > operation.Ended && read.Items.All(item => item.Text != text) && !session.MayBeErased(text, read.Ended)))
                yield return $"'{text}' was acknowledged, and {read.Via} did not read it afterwards.";
        }
    }
}
