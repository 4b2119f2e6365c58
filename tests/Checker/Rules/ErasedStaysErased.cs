using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>What was done with before its session was deleted does not come back in the session's next life.</summary>
internal sealed class ErasedStaysErased() : SessionRule("I1")
{
    protected override IEnumerable<string> Broken(SessionCase session) =>
        from delete in session.Operations.OfType<Delete>()
        where delete.Outcome == Outcome.Ok
        from said in session.Said()
        where said.Operation.Outcome != Outcome.Unknown && said.Operation.Ended < delete.Began && session.Find(said.Text) is not null
        select $"'{said.Text}' was answered before its session was deleted, and is there again.";
}
