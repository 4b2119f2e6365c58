using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>
/// What was refused did not happen: it is in no history, and no model saw it, but in a call that came to nothing: one silo may have asked
/// for an answer, to that or to what was said right behind it, while it learned that it may not write, and another refused the same request
/// then.
/// </summary>
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
            if (session.All.Handed.Contains(text) && session.All.File.ModelCalls.Any(call => Counts(session.All, call, text))) yield return $"'{text}' was refused, and a model was handed it.";
        }
    }

    // Of a call that came to nothing the end alone was not yet written: what an answer stands behind that is kept, was.
    private static bool Counts(Case all, ModelCall call, string text)
    {
        var behind = call.Messages.SkipWhile(message => !message.IsUser || message.Text != text).ToList();
        return behind.Count > 0
            && (all.KeptMarks.Contains(call.Mark) || behind.Any(message => message is { IsAnswer: true, Text: { } answer } && all.KeptMarks.Contains(answer.Split(' ')[0])));
    }
}
