namespace Conversations.Checker.Rules;

/// <summary>The history is numbered 0, 1, 2 … without gaps, and each turn has one stretch of it.</summary>
internal sealed class StoredInOneSequence() : SessionRule("I3")
{
    protected override IEnumerable<string> Broken(SessionCase session)
    {
        if (session.Stored is not { IsDeleted: false } stored) yield break;
        foreach (var (place, item) in session.Lineage.Index())
        {
            if (item.Seq != place) yield return $"At place {place} is seq {item.Seq}.";
        }

        if (stored.ItemCount != session.Lineage.Count) yield return $"The head counts {stored.ItemCount} items; there are {session.Lineage.Count}.";
        var next = stored.ParentSeq ?? 0;
        foreach (var turn in stored.Turns.Where(turn => turn.FirstSeq is not null).OrderBy(turn => turn.FirstSeq))
        {
            if (turn.FirstSeq != next) yield return $"Turn {turn.Turn} begins at {turn.FirstSeq}, not at {next}.";
            next = turn.FirstSeq!.Value + turn.ItemCount;
            var own = stored.Items.Where(item => item.Turn == turn.Turn).ToList();
            if (own.Count != turn.ItemCount || own.Where((item, index) => item.Seq != turn.FirstSeq + index || item.Index != index).Any())
                yield return $"The {turn.ItemCount} items of turn {turn.Turn} are not those from {turn.FirstSeq} on.";
        }
    }
}
