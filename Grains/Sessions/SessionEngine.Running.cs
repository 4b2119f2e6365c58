using Conversations.Grains.Turns;
using Conversations.History;
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
        if (_running is not null || _state.Running is null) return;
        _store.KeepAlive(true);
        // The runner outlives the call that starts it: it must not log in that call's name.
        using (ExecutionContext.SuppressFlow())
        {
            _running = Task.Factory.StartNew(RunAllAsync, CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Current).Unwrap();
        }
    }

    private async Task RunAllAsync()
    {
        try
        {
            while (!_closing && _state.Running is { } turn) await RunAsync(_live[turn.Id]);
        }
        catch (RetryException)
        {
            // The flush has said so, and this activation is going.
        }
        catch (Exception e)
        {
            LogRunnerFailed(e);
            OnWriteFailed(e);
        }
        finally
        {
            _running = null;
            _store.KeepAlive(false);
        }
    }

    private async Task RunAsync(LiveTurn live)
    {
        using var scope = _context.Scope(_key, live.Turn);
        var agent = _context.Agents.Get(live.Turn.Options.Agent);
        var runner = new TurnRunner(agent, _state, live, _flush, _context.Options, _context.Time);
        TurnOutcome outcome;
        try
        {
            outcome = await runner.RunAsync(live.Stopping);
        }
        catch (OperationCanceledException)
        {
            if (_closing) return;
            outcome = runner.Interrupted(live.StopReason ?? "cancelled");
        }

        if (_closing) return;
        if (live.Failure is { } failure) LogModelFailed(failure, outcome.Error?.Code ?? "");
        await EndAsync(live, outcome, agent.Options.WindowItems);
    }

    private Task EndAsync(LiveTurn live, TurnOutcome outcome, int windowItems)
    {
        var then = new List<Action>();
        if (outcome.Last is { } last)
        {
            var status = outcome.Status == TurnStatus.Completed ? ItemStatus.Completed : ItemStatus.Incomplete;
            var item = _state.AppendOutput(live.Active, last.Body, status, last.Emission);
            then.Add(() => live.Stream.Publish(last.Events.Close(live.Stream.NextNumber, item)));
        }

        _state.End(live.Active, outcome.Status, Now, outcome.Error, outcome.Reason);
        _state.MoveWindow(ContextWindow.FromSeq(_state.Window, windowItems, _state.ItemCount));
        LogEnded(live.Turn.Id, outcome.Status);
        then.Add(() => PublishEnd(live));
        // The end of one turn and the start of the next are one write.
        return Advance(then);
    }

    private void PublishEnd(LiveTurn live)
    {
        live.Stream.Publish(new TurnEnded(live.Stream.NextNumber, live.Turn, live.Active.Output));
        live.Dispose();
        _ended.Enqueue(live.Turn.Id);
        while (_ended.Count > EndedTurnsKept) _live.Remove(_ended.Dequeue());
    }
}
