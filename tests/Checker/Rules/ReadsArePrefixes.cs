namespace Conversations.Checker.Rules;

/// <summary>Whatever anybody read is the beginning of the one sequence that there is in the end; a last reading is all of it.</summary>
internal sealed class ReadsArePrefixes() : SessionRule("I3")
{
    protected override IEnumerable<string> Broken(SessionCase session)
    {
        foreach (var read in session.Reads.Where(read => !session.MayBeDeletedAfter(read.Began)))
        {
            var next = 0;
            foreach (var stored in session.Lineage)
            {
                // Read before it was erased, or not any more.
                if (stored.Item.IsBlank) next += next < read.Items.Count && session.IsGone(read.Items[next]) ? 1 : 0;
                else if (next < read.Items.Count && stored.Item == read.Items[next] && !(read.IsFinal && session.Superseded.Contains(stored.Turn))) next++;
                else if (!session.Superseded.Contains(stored.Turn) && (read.IsFinal || next < read.Items.Count)) break;
            }

            if (next < read.Items.Count) yield return $"{read.Via} read as number {next} '{read.Items[next]}', which is not what is there.";
            else if (read.IsFinal && next < session.Lineage.Count(item => !item.Item.IsBlank && !session.Superseded.Contains(item.Turn)))
                yield return $"In the end {read.Via} read {next} items; there are more.";
        }
    }
}
