using Conversations.Journal.Rows;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Grains.Sessions;

/// <summary>What the three tables hold after the deltas applied so far: the reference that the state machine is driven against.</summary>
internal sealed class JournalModel
{
    private SessionDelta? _head;

    public SortedDictionary<long, ItemRow> Items { get; } = [];

    public Dictionary<Guid, TurnRow> Turns { get; } = [];

    public void Apply(SessionDelta delta)
    {
        _head = delta with { Data = delta.Data ?? _head?.Data };
        foreach (var turn in delta.Accepted ?? []) Assert.True(Turns.TryAdd(turn.TurnId, turn), $"The turn {turn.TurnId} was accepted twice.");
        foreach (var turn in delta.Turns ?? [])
        {
            var known = Turns[turn.TurnId];
            Assert.True(known.Status <= turn.Status, $"The turn {turn.TurnId} went from {known.Status} to {turn.Status}.");
            Assert.False(((TurnStatus)known.Status).IsTerminal() && known.Status != turn.Status, $"The turn {turn.TurnId} ended twice.");
            Turns[turn.TurnId] = turn with { Options = known.Options, Fingerprint = known.Fingerprint };
        }

        foreach (var item in delta.Items ?? []) Assert.True(Items.TryAdd(item.Seq, item), $"The item {item.Seq} was written twice.");
    }

    public SessionSnapshot? Snapshot() => _head is null
        ? null
        : new SessionSnapshot
        {
            CreatedAt = _head.CreatedAt,
            ItemCount = _head.ItemCount,
            TurnCount = _head.TurnCount,
            WindowFrom = _head.WindowFrom,
            NewestTurn = _head.NewestTurn,
            Data = _head.Data,
            Turns = [.. Turns.Values.Where(t => !((TurnStatus)t.Status).IsTerminal()).OrderBy(t => t.Ord)],
            Items = [.. Items.Values.Where(i => i.Seq >= _head.WindowFrom && !Turns[i.TurnId].Superseded)],
        };

    /// <summary>I2 and I3 as far as the tables show them.</summary>
    public void Check()
    {
        Assert.Equal(Items.Count, _head?.ItemCount ?? 0);
        Assert.Equal(Turns.Count, _head?.TurnCount ?? 0);
        Assert.Equal(Enumerable.Range(0, Items.Count).Select(i => (long)i), Items.Keys);
        Assert.Equal(Enumerable.Range(0, Turns.Count).Select(i => (long)i), Turns.Values.Select(t => t.Ord).Order());
        Assert.True(Turns.Values.Count(t => t.Status == (short)TurnStatus.InProgress) <= 1, "Two turns run.");
        foreach (var turn in Turns.Values.Where(t => t.FirstSeq is not null))
        {
            // A turn's items are consecutive, and nobody else's are between them.
            var own = Items.Values.Where(i => i.TurnId == turn.TurnId).ToList();
            Assert.Equal(turn.ItemCount, own.Count);
            Assert.Equal(Enumerable.Range(0, own.Count).Select(i => turn.FirstSeq!.Value + i), own.Select(i => i.Seq));
            Assert.Equal(Enumerable.Range(0, own.Count), own.Select(i => i.Idx));
            Assert.Equal(turn.InputCount, own.Count(i => i.FirstEvent is null));
        }

        // Turns run in the order in which they were accepted.
        var started = Turns.Values.Where(t => t.FirstSeq is not null).OrderBy(t => t.FirstSeq).ToList();
        Assert.Equal(started.OrderBy(t => t.Ord).Select(t => t.TurnId), started.Select(t => t.TurnId));
        Assert.All(Turns.Values.Where(t => t.FirstSeq is null), t => Assert.DoesNotContain(Items.Values, i => i.TurnId == t.TurnId));
    }
}
