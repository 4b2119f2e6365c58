namespace Conversations.Checker.Rules;

/// <summary>What anybody has read, everybody reads from then on: also what its own caller never heard of again.</summary>
internal sealed class SeenOnceSeenEver() : SessionRule("I4")
{
    protected override IEnumerable<string> Broken(SessionCase session)
    {
        var seen = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var read in session.Reads)
        {
            foreach (var text in read.Items.Where(item => item.IsUser && item.Text is not null).Select(item => item.Text!))
                seen[text] = Math.Min(read.Ended, seen.GetValueOrDefault(text, long.MaxValue));
        }

        foreach (var (text, since) in seen)
        {
            if (session.MayBeDeletedAfter(since)) continue;
            var said = session.Find(text);
            if (said is null && !session.MayBeErased(text)) yield return $"'{text}' was read, and is not there any more.";
            if (said is not null && session.Superseded.Contains(said.Turn)) continue;
            foreach (var read in session.Reads.Where(read => read.Began > since && read.Items.All(item => item.Text != text) && !session.MayBeErased(text, read.Ended)))
                yield return $"'{text}' was read, and then not any more by {read.Via}.";
        }
    }
}
