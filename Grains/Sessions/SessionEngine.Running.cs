using Conversations.Grains.Agents;
using Conversations.Grains.Tools;
using Conversations.Grains.Turns;
using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>The half of the engine that runs turns, strictly one after the other.</summary>
internal sealed partial class SessionEngine
{
    /// <summary>Starts what can start, as part of the change that the caller made; the returned task ends when all is on disk and shown.</summary>
    /// <param name="then">What to show once it is on disk.</param>
    private Task Advance(List<Action> then)
    {
        LiveTurn? started = null;
        while (_state.StartNext(Now) is { } turn)
        {
            var live = _live[turn.Id];
            var begun = turn.Turn;
            then.Add(() => live.Stream.Publish(new TurnStarted(live.Stream.NextNumber, begun.AsStarted())));
            if (turn.Turn.CallsModel)
            {
                started = live;
                break;
            }

            // Items from outside: there is nothing to run.
            _state.End(turn, TurnStatus.Completed, Now);
            then.Add(() => PublishEnd(live));
        }

        var ready = CommitAsync(then);
        started?.Ready = ready;
        return ready;
    }

    private async Task CommitAsync(List<Action> then)
    {
        await _flush.FlushAsync();
        foreach (var show in then) show();
    }

    private void EnsureRunning()
    {
        Reseat();
        if (_running is not null || _closing) return;
        if (_state.Running is null && _state.Unfinished is [{ Turn.DueAt: { } due }, ..])
        {
            _ = WakeAtAsync(due);
            return;
        }

        if (_state.Running is not { Turn.Parked: false }) return;
        _store.KeepAlive(true);
        // The runner outlives the call that starts it: it must not log in that call's name.
        using (ExecutionContext.SuppressFlow())
        {
            _running = Task.Factory.StartNew(RunAllAsync, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current).Unwrap();
        }
    }

    /// <summary>Counts the session among its tenant's that are at work.</summary>
    /// <exception cref="RefusalException">The tenant has as many as it may.</exception>
    private void TakeSeat()
    {
        _isSeated = _context.Seats.TryTake(_key.Tenant)
            ? true
            : throw new RefusalException(
                RefusalCode.TooMany,
                $"As many of your conversations are being answered as may be at once ({_context.Options.TurnsPerTenant}): try again when one of them has ended.");
    }

    // A parked turn costs nothing, nor does what waits behind it.
    private void Reseat()
    {
        if (!_closing && _isSeated != _state.Unfinished is [{ Turn.Parked: false }, ..]) Seat(!_isSeated);
    }

    private void Seat(bool on)
    {
        if (_isSeated == on) return;
        _isSeated = on;
        if (on) _context.Seats.Take(_key.Tenant);
        else _context.Seats.Leave(_key.Tenant);
    }

    // A debounced turn starts when it is due, if nobody moves that again.
    private async Task WakeAtAsync(DateTimeOffset due)
    {
        var wait = due - _context.Time.GetUtcNow();
        _store.KeepAlive(true);
        if (wait > TimeSpan.Zero) await Task.Delay(wait, _context.Time);
        if (_closing || _running is not null || _state.Running is not null || _state.Unfinished is not [{ Turn.DueAt: { } now }, ..] || now > due) return;
        try
        {
            await Advance([]);
        }
        catch (RetryException)
        {
            return;
        }

        EnsureRunning();
    }

    private async Task RunAllAsync()
    {
        try
        {
            while (!_closing && _state.Running is { Turn.Parked: false } turn) await RunAsync(_live[turn.Id]);
        }
        catch (RetryException)
        {
            // The flush has said so, and this activation is going.
        }
        catch (Exception e)
        {
            LogRunnerFailed(e);
            _hasFaulted = true;
            Drain();
            _store.Deactivate("The runner failed.");
        }
        finally
        {
            _running = null;
            _store.KeepAlive(false);
            // What is not due yet waits for its time.
            EnsureRunning();
        }
    }

    private async Task RunAsync(LiveTurn live)
    {
        using var scope = _context.Scope(_key, live.Turn);
        var agent = _context.Agents.Get(live.Turn.Options.Agent);
        TurnRunner? runner = null;
        TurnOutcome outcome;
        try
        {
            using var place = await _context.Slots.EnterAsync(live.Stopping);
            // It may have stood in line for long.
            _store.KeepAlive(true);
            await ForgetErasedAsync(live.Stopping);
            await WidenAsync(agent, live.Stopping);
            await agent.Tools.ReadyAsync(live.Stopping);
            var tools = ToolBox.For(agent, live.Turn.Options);
            runner = new TurnRunner(_key, agent, tools, _state, live, _flush, _context.Options, _context.Time);
            outcome = await runner.RunAsync(live.Stopping);
        }
        catch (OperationCanceledException)
        {
            if (_closing) return;
            outcome = Stopped(live.Turn.Stop, runner?.Open);
        }

        if (_closing) return;
        if (live.Failure is { } failure)
        {
            // What a provider answers may quote what people wrote.
            LogModelFailed(outcome.Error?.Code ?? "", failure.GetType().Name, failure.InnerException?.GetType().Name);
            LogModelFailure(failure);
        }

        if (live.CompactionFailure is { } uncompacted) LogCompactionFailed(uncompacted.GetType().Name, uncompacted.InnerException?.GetType().Name);
        if (outcome.IsParked && live.Turn.Stop != StopWish.None) outcome = Stopped(live.Turn.Stop, null);
        // Somebody answered just now: it runs again instead.
        if (outcome.IsParked && !live.Answers.IsEmpty) return;
        if (outcome.IsParked)
        {
            _state.Park(live.Active, true);
            LogParked(live.Turn.Id);
            await _flush.FlushAsync();
            live.Stream.Signal();
            return;
        }

        var then = new List<Action>();
        End(live, outcome, agent, then);
        // The end of one turn and the start of the next are one write.
        await Advance(then);
    }

    // An agent that sees more than the one before it pays one read.
    private async Task WidenAsync(Agent agent, CancellationToken stop)
    {
        var count = agent.Options.WindowItems;
        if (count <= _state.ItemsRead || !ContextWindow.LacksItems(_state.Window, _state.WindowFrom, agent)) return;
        var oldest = _state.Window is [var first, ..] ? first.Seq : _state.ItemCount;
        int erasures;
        IReadOnlyList<Item> older;
        do
        {
            // What was erased must not come back by an answer that is older than that.
            await _flush.FlushAsync();
            erasures = _state.Erasures;
            older = await _context.Lineage.ReadBeforeAsync(_key, oldest, count - _state.Window.Count, stop);
        }
        while (erasures != _state.Erasures);
        _state.Widen(older, count);
    }

    private static TurnOutcome Stopped(StopWish wish, OpenItem? open) =>
        new(TurnStatus.Cancelled, null, wish == StopWish.Cancel || wish == StopWish.None ? "cancelled" : "superseded", open);

    // Also a turn that only ends now does so in an attempt of its own: nobody knows how far the last one was shown.
    private void Retry(ActiveTurn running, List<Action> then)
    {
        using var scope = _context.Scope(_key, running.Turn);
        var live = _live[running.Id];
        var tried = running.Turn.Attempts.Count(a => !a.HandedOver);
        _state.Retry(running, Now);
        var started = new AttemptStarted(running.Turn.AttemptNumber * TurnEvent.AttemptStride, _context.Silo.Name);
        then.Add(() => live.Stream.Publish(started));
        if (running.Turn.Stop != StopWish.None)
        {
            End(live, Stopped(running.Turn.Stop, null), null, then, started.Number + 1);
            return;
        }

        if (tried >= _context.Options.Attempts)
        {
            LogPoisonous(running.Id, tried);
            var error = new TurnError("attempts_exhausted", $"The turn was tried {tried} times, and each time its server stopped.");
            End(live, new TurnOutcome(TurnStatus.Failed, error, null, null), null, then, started.Number + 1);
            return;
        }

        LogResumed(running.Id, running.Turn.AttemptNumber);
        live.Ready = CommitAsync([.. then]);
        then.Clear();
    }

    /// <summary>Ends the running turn as part of the caller's change: what it was making is kept, and every function call gets its output.</summary>
    private void End(LiveTurn live, TurnOutcome outcome, Agent? agent, List<Action> then, int? from = null)
    {
        var number = from ?? live.Stream.NextNumber;
        if (outcome.Last is { } last)
        {
            var status = outcome.Status == TurnStatus.Completed ? ItemStatus.Completed : ItemStatus.Incomplete;
            var item = _state.AppendOutput(live.Active, last.Body, status, last.Emission);
            var close = last.Events.Close(number, item);
            number += close.Length;
            then.Add(() => live.Stream.Publish(close));
        }

        if (!outcome.LeavesCallsOpen)
        {
            foreach (var call in SessionState.OpenCalls(live.Active).ToList())
            {
                number = Put(live, new FunctionCallOutput(call.CallId, ToolRun.Stopped), ItemStatus.Incomplete, number, then);
            }
        }

        if (live.Turn.Stop == StopWish.Rollback && outcome.Status == TurnStatus.Cancelled) _state.Supersede(live.Active);
        if (live.Turn.Parked) _state.Park(live.Active, false);
        _state.End(live.Active, outcome.Status, Now, outcome.Error, outcome.Reason);
        if (agent is not null && ContextWindow.FromSeq(_state.Window, agent) is { } window) _state.MoveWindow(window);
        LogEnded(live.Turn.Id, outcome.Status);
        then.Add(() => PublishEnd(live));
    }

    // Adds an item in one piece; returns the number after its events.
    private int Put(LiveTurn live, ItemBody body, ItemStatus status, int number, List<Action> then)
    {
        var index = live.Active.Output.Length;
        var item = _state.AppendOutput(live.Active, body, status, new Emission(number, DeltaLengths.None));
        var events = new ItemEvents(index, item.Id).Whole(number, item);
        then.Add(() => live.Stream.Publish(events));
        return number + events.Length;
    }

    private void PublishEnd(LiveTurn live)
    {
        live.Stream.Publish(new TurnEnded(live.Stream.NextNumber, live.Turn, live.Active.Output));
        live.Dispose();
        _ended.Enqueue(live.Turn.Id);
        while (_ended.Count > EndedTurnsKept)
        {
            var gone = _ended.Dequeue();
            _live.Remove(gone);
            foreach (var receipt in _merged.Keys.Where(r => !_live.TryGetValue(r, out var live) || live.Turn.Id == gone).ToList())
            {
                _live.Remove(receipt);
                _merged.Remove(receipt);
            }
        }
    }
}
