using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>The part of the engine that ends: a deletion, a hand-over, a write that failed.</summary>
internal sealed partial class SessionEngine
{
    public async Task<Session> DeleteAsync(SessionMark? seen)
    {
        ThrowIfClosing();
        if (!IsThere || _state.IsAnotherThan(seen)) throw NoSession();
        var head = Head();
        await EraseAsync();
        return head;
    }

    private async Task EraseAsync()
    {
        await StopAsync();
        await _flush.FlushAsync();
        try
        {
            foreach (var erasure in _context.Erasures) await erasure.EraseAsync(_key);
            await _store.ClearAsync();
        }
        catch (Exception e)
        {
            OnWriteFailed(e);
            throw new RetryException("The deletion failed and its outcome is unknown: send the same request again.");
        }

        foreach (var live in _live.Values.Where(l => l.Stream.End is null))
        {
            if (!live.Turn.Status.IsTerminal()) live.Active.Turn = live.Turn with { Status = TurnStatus.Cancelled, EndedAt = Now, Reason = "deleted" };
            PublishEnd(live);
        }

        _store.Deactivate("The session was deleted.");
    }

    public async Task DeleteTurnAsync(TurnId turn)
    {
        ThrowIfClosing();
        if (!IsThere) throw NoSession();
        await CancelAsync(turn);
        if (await _context.Reader.FindReceiptAsync(_key, turn, CancellationToken.None) is null)
        {
            throw new RefusalException(RefusalCode.TurnNotFound, "There is no such response in this conversation.", "response_id");
        }

        ThrowIfClosing();
        _state.ForgetTurn(turn);
        if (_live.TryGetValue(turn, out var live)) live.Active.Turn = live.Turn with { Options = live.Turn.Options.Blank() };
        await _flush.FlushAsync();
    }

    /// <summary>Stops what runs and leaves it to the next activation; what is known is on disk when this returns.</summary>
    public async Task HandOverAsync()
    {
        await StopAsync();
        Seat(false);
        if (_flush.HasFailed || _hasFaulted || _isStale) return;
        if (_state.Running is { Turn.Parked: false } running) _state.HandOver(running);
        try
        {
            await _flush.FlushAsync();
        }
        catch (RetryException)
        {
            // The next activation finds out what is on disk.
        }
    }

    /// <summary>Whether there is something left that another activation must do; also after a failed write, of which nobody knows.</summary>
    public bool HasWork => _flush.HasFailed || _hasFaulted || _isStale || _state.Unfinished.Any(t => !t.Turn.Parked);

    /// <summary>
    /// Does what somebody says there is to do. While silos come and go a session may have two activations for a moment, and one that loaded
    /// before the other's last write would never know of it, for it writes nothing that could be fenced: it goes.
    /// </summary>
    public async Task WakeAsync()
    {
        if (_closing || _state.Unfinished.Any(t => !t.Turn.Parked)) return;
        var end = await _context.Events.FindEndAsync(_key, CancellationToken.None);
        // Of a write of our own that is under way the database may know first.
        await _flush.FlushAsync();
        if (_closing || (end?.Version ?? 0) <= _store.Version) return;
        LogStale();
        _isStale = true;
        Drain();
        _store.Deactivate("Another activation wrote.");
    }

    /// <summary>Lets nobody wait any longer: the silo is about to stop.</summary>
    public void Drain()
    {
        _closing = true;
        foreach (var live in _live.Values) live.Stream.Signal();
        _flush.Signal();
    }

    private void OnWriteFailed(Exception e)
    {
        LogWriteFailed(e);
        Drain();
        if (_state.Running is { } running && _live.TryGetValue(running.Id, out var live)) live.Stop();
        _store.Deactivate("A write failed.");
    }

    private async Task StopAsync()
    {
        Drain();
        if (_state.Running is { } running && _live.TryGetValue(running.Id, out var live)) live.Stop();
        if (_running is { } loop) await loop;
    }
}
