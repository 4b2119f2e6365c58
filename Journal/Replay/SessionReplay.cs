using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Turns;

namespace Conversations.Journal.Replay;

/// <summary>A turn with the versions of the head that its rows were written in.</summary>
/// <param name="Turn">The turn.</param>
/// <param name="Accepted">When it was accepted.</param>
/// <param name="Started">When it started, if it did.</param>
/// <param name="Ended">When it ended, if it did.</param>
/// <param name="Items">Its items, given ones first, in order.</param>
public sealed record VersionedTurn(Turn Turn, int Accepted, int? Started, int? Ended, ImmutableArray<(Item Item, int Version)> Items);

/// <summary>Derives a session's own stream from its rows. Whoever derives it, and whenever, gives each event the same place.</summary>
public static class SessionReplay
{
    /// <summary>The events of these turns, which are in the order of acceptance. The first one of each version has index 0.</summary>
    public static IEnumerable<SessionEvent> Events(IEnumerable<VersionedTurn> turns)
    {
        // Stable: within a version the turns stand in their order, and the events of a turn in theirs.
        var (version, index) = (0, 0);
        foreach (var (at, shown) in turns.SelectMany(Of).OrderBy(e => e.Version))
        {
            (version, index) = (at, at == version ? index + 1 : 0);
            yield return shown with { Cursor = new SessionCursor(at, index) };
        }
    }

    /// <summary>The number of the last journaled event of a turn's own stream.</summary>
    public static int LastNumber(VersionedTurn turn) => TurnReplay.Journaled(turn.Turn, OutputOf(turn)).Last().Number;

    private static IEnumerable<(int Version, SessionEvent Event)> Of(VersionedTurn turn)
    {
        SessionEvent Shown(TurnEvent? shown, Item? given = null) => new(null, turn.Turn.Id, shown, given, turn.Turn.CallsModel);
        var output = OutputOf(turn);
        // A receipt is no turn; items from outside have no response to tell of.
        if (turn.Turn.MergedInto is not null) yield break;
        if (turn.Turn.CallsModel)
        {
            foreach (var beginning in TurnReplay.Beginning(turn.Turn))
            {
                if ((beginning is TurnStarted ? turn.Started : turn.Accepted) is { } at) yield return (at, Shown(beginning));
            }
        }

        foreach (var (item, at) in turn.Items.Where(i => !i.Item.IsOutput)) yield return (at, Shown(null, item));
        var index = 0;
        foreach (var (item, at) in turn.Items.Where(i => i.Item.IsOutput))
        {
            yield return (at, Shown(new ItemDone(ItemEvents.DoneNumber(item)!.Value, index++, item.Id, item)));
        }

        if (turn.Turn.CallsModel && turn.Ended is { } end) yield return (end, Shown(new TurnEnded(LastNumber(turn), turn.Turn, output)));
    }

    private static ImmutableArray<Item> OutputOf(VersionedTurn turn) => [.. turn.Items.Select(i => i.Item).Where(i => i.IsOutput)];
}
