using Conversations.Checker.Evidence;

namespace Conversations.Checker.Rules;

/// <summary>
/// A turn's events come in order, without gaps inside an attempt, after exactly the number that was asked for, up to one end; the
/// deltas of an item add up to its text; an item that is shown as completed is on disk.
/// </summary>
internal sealed class StreamsAreWhole() : SessionRule("I5")
{
    private const long Attempt = 1_000_000;

    protected override IEnumerable<string> Broken(SessionCase session) =>
        from say in session.Says
        from watched in say.Streams
        from broken in Numbers(session, say, watched).Concat(Ends(watched)).Concat(Deltas(watched)).Concat(Kept(session, say, watched))
        select $"Stream of '{say.Text}' after {watched.After?.ToString() ?? "nothing"}: {broken}";

    private static IEnumerable<string> Numbers(SessionCase session, Say say, Watched watched)
    {
        long? last = watched.After;
        // Of an erased item a stream that goes on after that shows the end alone (gRPC), or nothing (HTTP).
        var turn = session.Find(say.Text)?.Turn;
        var hasErased = session.Lineage.Any(item => item.Item.IsBlank && (turn is null || item.Turn == turn));
        foreach (var e in watched.Events)
        {
            var (number, type) = (e.Number, e.Type);
            if (last is { } before ? number <= before : number != 0) yield return $"{type} has number {number} after {last?.ToString() ?? "nothing"}.";
            // Where a connection was taken up, what another gateway alone had shown is not shown again.
            else if (last is not null && last != watched.After && number != last + 1 && number % Attempt != 0 && !(hasErased && IsBehindAnItem(e))) yield return $"{type} has number {number} after {last}: a gap.";
            last = number;
        }
    }

    private static bool IsBehindAnItem(WatchedEvent e) => e.IsEnd || e is { Type: "response.output_item.added" } or { Type: "response.output_item.done", Text: null };

    private static IEnumerable<string> Ends(Watched watched)
    {
        var ends = watched.Events.Count(e => e.IsEnd);
        if (ends > 1) yield return $"It has {ends} ends.";
        if (ends == 1 && !watched.Events[^1].IsEnd) yield return $"{watched.Events[^1].Type} comes after the end.";
        if (watched.IsWhole && watched.Events.Count > 0 && ends == 0) yield return "It was ended in good order without its end.";
    }

    private static IEnumerable<string> Deltas(Watched watched)
    {
        var shown = watched.Events.Where(e => e.Type == "response.output_item.added").Select(e => e.Item).ToHashSet();
        foreach (var done in watched.Events.Where(e => e is { Type: "response.output_item.done", Text: not null } && shown.Contains(e.Item)))
        {
            var text = string.Concat(watched.Events.Where(e => e.Type == "response.output_text.delta" && e.Item == done.Item).Select(e => e.Text));
            if (text != done.Text) yield return $"The deltas of {done.Item} make '{text}', not '{done.Text}'.";
        }
    }

    private static IEnumerable<string> Kept(SessionCase session, Say say, Watched watched)
    {
        if (session.MayBeDeletedAfter(say.Began)) yield break;
        foreach (var done in watched.Events.Where(e => e is { Type: "response.output_item.done", Status: "completed", Text: not null }))
        {
            if (!session.MayBeErased(done.Text!) && !session.Lineage.Any(item => item.Item.IsAnswer && item.Item.Text == done.Text)) yield return $"'{done.Text}' was shown as completed, and is not there.";
        }
    }
}
