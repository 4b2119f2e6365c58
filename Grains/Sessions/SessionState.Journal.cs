using System.Collections.Immutable;
using Conversations.Journal.Rows;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>How a session comes from the database and goes there.</summary>
internal sealed partial class SessionState
{
    private SessionDelta? _flushing;

    /// <summary>Whether there is anything to flush.</summary>
    public bool IsDirty => !_pending.IsEmpty;

    /// <summary>The delta that the flush under way took; only it is serialized.</summary>
    public SessionDelta Flushing => _flushing ?? throw new InvalidOperationException("A session is written by its flush loop alone.");

    public static SessionState From(SessionSnapshot snapshot)
    {
        var state = new SessionState
        {
            Exists = true,
            CreatedAt = snapshot.CreatedAt.ToUniversalTime(),
            Metadata = snapshot.Data?.Metadata?.ToImmutableSortedDictionary(StringComparer.Ordinal)
                ?? ImmutableSortedDictionary<string, string>.Empty,
            Lifetime = snapshot.Data?.Lifetime ?? SessionLifetime.Kept,
            MadeBy = snapshot.Data?.MadeBy,
            Life = snapshot.Data?.Life ?? (snapshot.Data?.IsReborn is true ? 1 : 0),
            Revision = snapshot.Data?.Revision ?? 0,
            ItemCount = snapshot.ItemCount,
            TurnCount = snapshot.TurnCount,
            WindowFrom = snapshot.WindowFrom,
            NewestTurn = snapshot.NewestTurn is { } newest ? new TurnId(newest) : null,
            Parent = snapshot is { Parent: { } parent, ParentSeq: { } parentSeq } ? new Parent(parent, parentSeq) : null,
        };
        foreach (var row in snapshot.Items ?? []) state._window.Add(row.ToItem());
        foreach (var row in snapshot.Turns ?? [])
        {
            var turn = row.ToTurn();
            state._unfinished.Add(new ActiveTurn(turn, row.Input is { } input ? [.. input] : [])
            {
                Output = [.. state._window.Where(i => i.Id.Turn == turn.Id && i.IsOutput)],
            });
        }

        return state;
    }

    /// <summary>Swaps the changes out for the flush that begins now; what comes from here on goes with the next one.</summary>
    public void BeginFlush()
    {
        _flushing = _pending.Into(
            new SessionDelta
            {
                CreatedAt = CreatedAt,
                ItemCount = ItemCount,
                TurnCount = TurnCount,
                WindowFrom = WindowFrom,
                NewestTurn = NewestTurn?.Value,
                Silo = Silo?.Name,
                SiloAddress = Silo?.Address,
            },
            new SessionData
            {
                Metadata = Metadata,
                Lifetime = Lifetime == SessionLifetime.Kept ? null : Lifetime,
                MadeBy = MadeBy,
                IsReborn = IsReborn ? true : null,
                Life = IsReborn ? Life : null,
                Revision = Revision > 0 ? Revision : null,
            });
        _pending = new PendingChange();
    }

    /// <summary>The flush is on disk.</summary>
    public void EndFlush() => _flushing = null;
}
