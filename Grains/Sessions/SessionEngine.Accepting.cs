using System.Collections.Immutable;
using Conversations.Grains.Turns;
using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>The part of the engine that takes turns in, stops them and lets people answer them.</summary>
internal sealed partial class SessionEngine
{
    /// <summary>Answers an approval request; the turn goes on once all are answered.</summary>
    public async Task<Turn> ResolveAsync(TurnId turn, string callId, bool approve, string? reason)
    {
        ThrowIfClosing();
        if (!_state.Exists) throw NoSession();
        if (!_live.TryGetValue(turn, out var live) || live.Turn.Status.IsTerminal())
        {
            // The same answer again, after the turn went on and ended, changes nothing.
            var ended = live is null ? await _context.Reader.FindTurnAsync(_key, turn, CancellationToken.None) : null;
            if (IsAnswered(live?.Active.Output ?? ended?.Output ?? [], callId, approve)) return live?.Turn ?? ended!.Turn;
            throw NoUnfinishedTurn();
        }

        if (live.Active.Output.Select(i => i.Body).OfType<ApprovalRequest>().All(r => r.CallId != callId))
        {
            throw new RefusalException(RefusalCode.ItemNotFound, "No approval is asked for a call of this name.", "call_id");
        }

        var answer = new ApprovalResponse(callId, approve, reason is null ? null : Storable.Clean(reason));
        while (!live.Turn.Parked && !live.Turn.Status.IsTerminal() && !IsAnswered(live.Active.Output, callId, approve))
        {
            // Other calls of the turn still run: the run takes the answer.
            live.Answers.Add(answer);
            await NewsAsync(live);
        }

        if (IsAnswered(live.Active.Output, callId, approve))
        {
            await _flush.FlushAsync();
            return live.Turn;
        }

        if (live.Turn.Status.IsTerminal()) throw NoUnfinishedTurn();
        var then = new List<Action>();
        Put(live, answer, ItemStatus.Completed, live.Stream.NextNumber, then);
        var open = live.Active.Output.Select(i => i.Body).OfType<ApprovalRequest>().Select(r => r.CallId)
            .Except(live.Active.Output.Select(i => i.Body).OfType<ApprovalResponse>().Select(r => r.CallId), StringComparer.Ordinal);
        if (!open.Any())
        {
            _state.Park(live.Active, false);
            live.Ready = CommitAsync(then);
            EnsureRunning();
            await live.Ready;
        }
        else
        {
            await CommitAsync(then);
        }

        return live.Turn;
    }

    /// <summary>Notes that a turn's caller has its answer.</summary>
    public void Delivered(TurnId turn)
    {
        if (turn == _state.NewestTurn) _delivered = turn;
    }

    // The newest turn, if it is this very request whose answer was lost on the way.
    private async Task<Submitted?> FindResentAsync(TurnRequest request)
    {
        if (_state.NewestTurn is not { } newest || newest == _delivered) return null;
        if (_live.TryGetValue(newest, out var live)) return IsSame(live.Turn) ? await AnswerAsync(live) : null;
        var receipt = await _context.Reader.FindReceiptAsync(_key, newest, CancellationToken.None);
        ThrowIfClosing();
        return receipt is not null && newest == _state.NewestTurn && IsSame(receipt) ? await AnswerAsync(receipt) : null;

        bool IsSame(Turn turn) => turn.Fingerprint.Span.SequenceEqual(request.Fingerprint.Span);
    }

    private static RefusalException NoUnfinishedTurn() =>
        new(RefusalCode.TurnNotFound, "There is no such unfinished response in this conversation.", "response_id");

    private static bool IsAnswered(ImmutableArray<Item> output, string callId, bool approve)
    {
        if (output.Select(i => i.Body).OfType<ApprovalResponse>().FirstOrDefault(r => r.CallId == callId) is not { } answered) return false;
        return answered.Approve == approve
            ? true
            : throw new RefusalException(RefusalCode.Invalid, "This call was answered otherwise before.", "approve");
    }

    private async Task<Submitted> AcceptAsync(TurnRequest request, TurnOptions options, Overlap overlap, DateTimeOffset now)
    {
        var then = new List<Action>();
        _state.Create(now, lifetime: request.Lifetime);
        foreach (var dropped in overlap.Dropped)
        {
            var gone = _live[dropped.Id];
            _state.End(dropped, TurnStatus.Cancelled, now, reason: "superseded");
            LogEnded(dropped.Id, TurnStatus.Cancelled);
            then.Add(() => PublishEnd(gone));
        }

        if (overlap.Stop != StopWish.None && _state.Running is { } running) StopRunning(_live[running.Id], overlap.Stop, then);
        if (overlap.MergeInto is { } survivor)
        {
            var live = _live[survivor.Id];
            _state.Merge(survivor, request, now, overlap.DueAt);
            _live[request.Id] = live;
            _merged[request.Id] = request.Fingerprint;
            LogMerged(survivor.Id);
            await Advance(then);
            EnsureRunning();
            return new Submitted(live.Turn, true, PositionOf(live), _context.Silo.Name);
        }

        var position = _state.Unfinished.Count;
        var accepted = Track(_state.Enqueue(request, options, now, overlap.DueAt));
        var asAccepted = accepted.Turn;
        LogAccepted(position);
        then.Add(() => accepted.Stream.Publish(TurnReplay.Beginning(asAccepted)));
        accepted.Ready = Advance(then);
        EnsureRunning();
        await accepted.Ready;
        return new Submitted(accepted.Turn, true, position, _context.Silo.Name);
    }

    /// <summary>Lets the running turn end. The wish is journaled with the next flush.</summary>
    private void StopRunning(LiveTurn live, StopWish wish, List<Action>? then = null)
    {
        _state.Wish(live.Active, wish);
        if (!live.Turn.Parked)
        {
            live.Stop();
            return;
        }

        // Nothing runs that could stop.
        var commits = then is null;
        then ??= [];
        End(live, Stopped(wish, null), null, then);
        if (!commits) return;
        _ = Advance(then);
        EnsureRunning();
    }

    private int PositionOf(LiveTurn live) => _state.Unfinished.TakeWhile(t => t != live.Active).Count();
}
