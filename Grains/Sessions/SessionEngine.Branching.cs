using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>The part of the engine that knows of other sessions: forks, and the erasure of what branches share.</summary>
internal sealed partial class SessionEngine
{
    // A fork that brings no turn yet has no agent yet.
    private const int WindowOfFork = 64;

    private bool _mayHoldErased;

    public async Task<Session> ForkAsync(ForkFrom from, ImmutableSortedDictionary<string, string> metadata, string? wish, SessionMark? seen)
    {
        ThrowIfClosing();
        CheckMetadata(metadata);
        var origin = await FindOriginAsync(from, WindowOfFork);
        Acceptance.CheckNotDeletedSince(_state, seen);
        if (!_state.Exists)
        {
            Branch(origin, metadata, wish: wish);
        }
        // The memory does not hear of it when the parent is erased.
        else if ((await _context.Reader.FindSessionAsync(_key, CancellationToken.None))?.Parent is var parent
            && (parent?.Session != origin.Parent.Session || (origin.Turn is not null && parent.Seq != origin.Parent.Seq)))
        {
            throw new RefusalException(RefusalCode.SessionExists, "There is a conversation of this id already, and it is another one: choose a new id.", "id");
        }
        else
        {
            Acceptance.CheckWish(_state, wish);
        }

        await _flush.FlushAsync();
        return Head();
    }

    public async Task<Session> EraseItemAsync(ItemId id)
    {
        ThrowIfClosing();
        if (!IsThere) throw NoSession();
        var item = await _context.Reader.FindItemAsync(_key, id, CancellationToken.None) ?? throw NoItem();
        // Once more: an earlier try may have died between the write and this.
        if (item.Body is null)
        {
            await ForgetElsewhereAsync([item]);
            throw NoItem();
        }

        if (_state.Find(item.Id.Turn) is not null)
        {
            throw new RefusalException(RefusalCode.SessionBusy, "The item belongs to a response that is not finished: cancel that first.", "item_id");
        }

        var callId = (item.Body as FunctionCall)?.CallId ?? (item.Body as FunctionCallOutput)?.CallId;
        var items = callId is null ? [item] : await _context.Reader.FindCallAsync(_key, callId, CancellationToken.None);
        foreach (var each in items)
        {
            if (await OwnerOfAsync(each) is var owner && owner != _key.Id && !new Parent(owner, 0).IsErased)
            {
                throw new RefusalException(
                    RefusalCode.Invalid, $"The item belongs to the conversation '{owner}', of which this is a fork: erase it there, and it is gone from all branches.", "item_id");
            }
        }

        ThrowIfClosing();
        foreach (var each in items) _state.Erase(each);
        await _flush.FlushAsync();
        foreach (var turn in items.Select(i => i.Id.Turn)) ForgetStream(turn);
        await ForgetElsewhereAsync(items);
        return Head();
    }

    /// <summary>Drops what another session erased for all.</summary>
    public void Forget(ImmutableArray<long> seqs)
    {
        foreach (var seq in seqs) _state.Forget(seq);
    }

    // From here on its stream is read from the journal, where the text is gone.
    private void ForgetStream(TurnId turn)
    {
        foreach (var name in _live.Where(l => l.Value.Turn.Id == turn).Select(l => l.Key).ToList())
        {
            _live.Remove(name);
            _merged.Remove(name);
        }
    }

    // The turn to fork after, or null: the request can run here.
    private async Task<Turn?> FindBranchingAsync(TurnRequest request)
    {
        if (request is not { MayFork: true, After: { } after }) return null;
        var turn = _live.TryGetValue(after, out var live) ? live.Turn : await _context.Reader.FindReceiptAsync(_key, after, CancellationToken.None);
        if (turn?.MergedInto is { } survivor) return await FindBranchingAsync(request with { After = survivor });
        ThrowIfClosing();
        if (turn is null || (!turn.Options.Store && !_state.IsPrivate)) throw new RefusalException(RefusalCode.TurnNotFound, "There is no such response in this conversation.", "previous_response_id");
        // What is not stored stays out of a session whose responses are, and the other way round.
        return turn.Id == _state.NewestTurn && !turn.Options.NamesSession && request.Options.Store != _state.IsPrivate ? null : turn;
    }

    private async Task<ForkOrigin> FindOriginAsync(ForkFrom from, int window)
    {
        var origin = await _context.Lineage.FindForkAsync(_key.Tenant, from, window, CancellationToken.None);
        ThrowIfClosing();
        Acceptance.CheckOrigin(origin, from);
        if (_context.Shards.IndexOf(_key) != _context.Shards.IndexOf(_key.Tenant, from.Session))
        {
            throw new RefusalException(
                RefusalCode.Invalid, $"A fork of '{from.Session}' cannot have the id '{_key.Id}': leave the id out, and the server gives it one.", "id");
        }

        return origin;
    }

    private void Branch(
        ForkOrigin origin, ImmutableSortedDictionary<string, string> metadata, SessionLifetime lifetime = SessionLifetime.Kept, string? wish = null)
    {
        var now = Now;
        _state.Fork(now, metadata, origin.Parent, origin.Window, lifetime, wish);
        _mayHoldErased = true;
        LogForked(origin.Parent.Seq);
        if (!origin.IsInsideTurn) return;

        // What the turn went on to do belongs to the other branch: here its calls have no results.
        var own = origin.Window.Where(i => i.Id.Turn == origin.Turn!.Id).Select(i => i.Body).ToList();
        var open = own.OfType<FunctionCall>().Select(c => c.CallId).Except(own.OfType<FunctionCallOutput>().Select(o => o.CallId), StringComparer.Ordinal);
        ImmutableArray<ItemBody> outputs = [.. open.Select(id => new FunctionCallOutput(id, "No result: the conversation was forked before there was one."))];
        if (outputs.IsEmpty) return;
        var request = new TurnRequest
        {
            Id = TurnId.New(_context.Time),
            Fingerprint = ReadOnlyMemory<byte>.Empty,
            Input = outputs,
            Options = new TurnOptions { NamesSession = true },
            CallsModel = false,
        };
        _state.Enqueue(request, request.Options, now);
        _state.End(_state.StartNext(now)!, TurnStatus.Completed, now);
    }

    // What was erased while a fork was being made it was not told of: it was not there yet. From when it is, whoever erases finds it.
    private async Task ForgetErasedAsync(CancellationToken stop)
    {
        if (!_mayHoldErased) return;
        await _flush.FlushAsync();
        if (_state is { Window: [var first, ..], Parent.Seq: var end }) Forget(await _context.Lineage.FindErasedAsync(_key, first.Seq, end, stop));
        _mayHoldErased = false;
    }

    private async Task<string> OwnerOfAsync(Item item) => item.Seq >= (_state.Parent?.Seq ?? 0)
        ? _key.Id
        : await _context.Lineage.FindOwnerAsync(_key, item.Seq, CancellationToken.None);

    // Other branches may have it in memory.
    private async Task ForgetElsewhereAsync(IReadOnlyList<Item> items)
    {
        foreach (var item in items)
        {
            var owner = await OwnerOfAsync(item);
            var sharers = await _context.Lineage.FindSharersAsync(_key.Tenant, owner, item.Seq, CancellationToken.None);
            await Task.WhenAll(sharers.Where(sharer => sharer != _key).Select(sharer => _context.Session(sharer).ForgetAsync([item.Seq])));
        }
    }

    private static RefusalException NoItem() => new(RefusalCode.ItemNotFound, "There is no such item in this conversation.", "item_id");
}
