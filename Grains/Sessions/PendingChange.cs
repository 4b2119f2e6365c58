using Conversations.History;
using Conversations.Journal.Rows;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>What changed since the last flush took its share.</summary>
internal sealed class PendingChange
{
    private readonly List<Item> _items = [];
    private readonly List<ActiveTurn> _accepted = [];
    private readonly List<ActiveTurn> _changed = [];
    private readonly List<ErasedRow> _erased = [];
    private readonly List<Guid> _forgotten = [];
    private bool _any;
    private bool _data;
    private Parent? _parent;

    public bool IsEmpty => !_any;

    public void Head() => _any = true;

    public void Data() => _any = _data = true;

    public void Fork(Parent parent)
    {
        Data();
        _parent = parent;
    }

    public void Item(Item item)
    {
        _any = true;
        _items.Add(item);
    }

    public void Accepted(ActiveTurn turn)
    {
        _any = true;
        _accepted.Add(turn);
    }

    public void Changed(ActiveTurn turn)
    {
        _any = true;
        if (!_accepted.Contains(turn) && !_changed.Contains(turn)) _changed.Add(turn);
    }

    public void Erased(ErasedRow row)
    {
        _any = true;
        _erased.Add(row);
    }

    public void Forgotten(TurnId turn)
    {
        _any = true;
        _forgotten.Add(turn.Value);
    }

    /// <summary>Writes the rows into a delta that has the head's scalars.</summary>
    public SessionDelta Into(SessionDelta head, SessionData data) => head with
    {
        Parent = _parent?.Session,
        ParentSeq = _parent?.Seq,
        Data = _data ? data : null,
        Items = _items.Count == 0 ? null : _items.ConvertAll(ItemRow.From),
        Accepted = Rows(_accepted, withOptions: true),
        Turns = Rows(_changed, withOptions: false),
        Erased = _erased.Count == 0 ? null : _erased,
        Forgotten = _forgotten.Count == 0 ? null : _forgotten,
    };

    private static List<TurnRow>? Rows(List<ActiveTurn> turns, bool withOptions)
    {
        if (turns.Count == 0) return null;
        return turns.ConvertAll(t =>
        {
            var row = TurnRow.From(t.Turn, t.Input.IsDefaultOrEmpty ? null : t.Input);
            return withOptions ? row : row with { Options = null, Fingerprint = null };
        });
    }
}
