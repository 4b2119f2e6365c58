using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>
/// What was done with before its session was deleted does not come back in the session's next life. An item that was erased is in no
/// branch and no reading any more, and no answer to anything that was asked afterwards was given over it.
/// </summary>
internal sealed class ErasedStaysErased() : SessionRule("I1")
{
    protected override IEnumerable<string> Broken(SessionCase session) => Deleted(session).Concat(Erased(session));

    private static IEnumerable<string> Deleted(SessionCase session) =>
        from delete in session.Operations.OfType<Delete>()
        where delete.Outcome == Outcome.Ok
        from said in session.Said()
        where said.Operation.Outcome != Outcome.Unknown && said.Operation.Ended < delete.Began && session.Find(said.Text) is not null
        select $"'{said.Text}' was answered before its session was deleted, and is there again.";

    private static IEnumerable<string> Erased(SessionCase session)
    {
        var since = session.All.Erasures.SelectMany(same => same).Where(erase => erase.Tenant == session.Tenant && erase.Outcome == Outcome.Ok)
            .GroupBy(erase => erase.Item.Name!)
            .ToDictionary(same => same.Key, same => same.Min(erase => erase.Ended));
        bool WasErased(Item item, long by) => item.Name is { } name && since.TryGetValue(name, out var at) && at < by;

        foreach (var there in session.Lineage.Where(there => WasErased(there.Item, long.MaxValue))) yield return $"'{there.Item}' was erased, and is there.";
        foreach (var read in session.Reads)
        {
            foreach (var item in read.Items.Where(item => WasErased(item, read.Began))) yield return $"'{item}' was erased, and {read.Via} read it afterwards.";
        }

        foreach (var say in session.Says)
        {
            if (session.Find(say.Text) is not { } said) continue;
            foreach (var answer in session.Lineage.Where(item => item.Turn == said.Turn && item.Item is { IsAnswer: true, Text: not null }))
            {
                var handed = session.All.CallsByMark.GetValueOrDefault(answer.Item.Text!.Split(' ')[0])?.Messages ?? [];
                foreach (var item in handed.Where(item => WasErased(item, say.Began))) yield return $"'{item}' was erased when '{say.Text}' was asked, and its answer was given over it.";
            }
        }
    }
}
