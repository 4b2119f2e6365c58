namespace Conversations.Checker.Rules;

/// <summary>What was asked for after another request was known to be accepted stands behind it.</summary>
internal sealed class OrderIsThatOfTheCallers() : SessionRule("I3")
{
    protected override IEnumerable<string> Broken(SessionCase session)
    {
        var said = session.Said()
            .Select(s => (s.Operation, s.Text, s.Accepted, Place: session.Find(s.Text)?.Seq))
            .Where(s => s.Place is not null)
            .ToList();
        foreach (var first in said.Where(s => s.Accepted is not null))
        {
            foreach (var second in said.Where(s => s.Operation.Began > first.Accepted && s.Place < first.Place))
                yield return $"'{second.Text}' was asked for when '{first.Text}' had been accepted, and stands before it.";
        }
    }
}
