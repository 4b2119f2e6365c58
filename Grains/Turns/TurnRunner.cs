using Conversations.Grains.Agents;
using Conversations.Grains.Sessions;
using Conversations.Grains.Tools;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Turns;

/// <summary>
/// Runs one attempt at a turn: calls the model, shows what it says while it says it, and puts every finished item on disk before the
/// next begins. The last one is left to the caller, who writes it together with the turn's end.
/// </summary>
internal sealed class TurnRunner(
    SessionKey key, Agent agent, ToolBox tools, SessionState state, LiveTurn live, SessionFlush flush, SessionOptions bounds, TimeProvider time)
{
    private readonly ToolCalls _toolCalls = new(key, tools, state, live, flush, bounds, time);
    private readonly Dictionary<int, CallHead> _calls = [];
    private readonly ModelPatience _patience = ModelPatience.Of(agent, bounds, time);

    private OpenItem? _open;
    private long _length;

    /// <summary>Runs to the end, whatever it is.</summary>
    /// <exception cref="RetryException">A write failed: nothing can be said about the turn.</exception>
    /// <exception cref="OperationCanceledException">The turn was stopped from outside; <see cref="Open"/> is what there was.</exception>
    public async Task<TurnOutcome> RunAsync(CancellationToken stop)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(bounds.TurnDeadlineSeconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, deadline.Token);
        try
        {
            return await StepsAsync(both.Token);
        }
        catch (RetryException)
        {
            throw;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            return new TurnOutcome(
                TurnStatus.Failed,
                new TurnError("turn_timeout", $"The turn did not end within {bounds.TurnDeadlineSeconds} seconds."),
                null,
                _open);
        }
        catch (Exception e)
        {
            live.Failure = e;
            return new TurnOutcome(TurnStatus.Failed, ModelFailure.Describe(agent, e), null, _open);
        }
    }

    /// <summary>The item that is being made, or null.</summary>
    public OpenItem? Open => _open;

    // Model, tools, model, tools, … until the model asks for nothing more.
    private async Task<TurnOutcome> StepsAsync(CancellationToken stop)
    {
        if (live.Active.Output.Length > 0 || live.IsUncertain)
        {
            await live.Ready;
            if (await _toolCalls.SettleAsync(stop) is { } end) return end;
        }

        var compactor = new Compactor(agent, state, live, flush, _patience);
        while (true)
        {
            await compactor.CompactAsync(stop);
            var reply = await CallAsync(stop);
            if (reply.Status != TurnStatus.Completed || !_toolCalls.Asked(reply.Last)) return reply;
            if (_toolCalls.AllCallers(reply.Last)) return reply with { LeavesCallsOpen = true };
            await CloseAsync();
            if (await _toolCalls.SettleAsync(stop) is { } end) return end;
        }
    }

    private async Task<TurnOutcome> CallAsync(CancellationToken stop)
    {
        _calls.Clear();
        var window = ContextWindow.Newest(state.Window, agent.Window);
        if (live.Turn.Options.Truncation == "disabled" && ContextWindow.LeavesOut(window, state.Window, state.WindowFrom)) return TooLong();
        using var call = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var chunks = ModelCall.StreamAsync(agent, live.Turn.Options, tools, window, _patience, call.Token).GetAsyncEnumerator(call.Token);
        // The model begins while the acceptance is being written; nothing is shown before it is.
        var next = chunks.MoveNextAsync().AsTask();
        var finish = "stop";
        try
        {
            await live.Ready;
            while (await next)
            {
                switch (chunks.Current)
                {
                    case TextChunk text:
                        await AddAsync(null, text.Text);
                        break;
                    case RefusalChunk refusal:
                        await AddAsync(null, refusal.Text, declines: true);
                        break;
                    case CallChunk piece:
                        await AddAsync(HeadOf(piece), piece.Arguments ?? "");
                        break;
                    case UsageChunk used:
                        state.AddUsage(live.Active, used.Usage);
                        break;
                    case FinishChunk end:
                        finish = end.Reason;
                        break;
                }

                if (_length > bounds.OutputLength)
                {
                    finish = "length";
                    break;
                }

                next = chunks.MoveNextAsync().AsTask();
            }
        }
        finally
        {
            await call.CancelAsync();
            _ = LeaveAsync(next, chunks);
        }

        FinishOpen();
        return finish switch
        {
            "length" => new TurnOutcome(TurnStatus.Incomplete, null, "max_output_tokens", _open),
            "content_filter" => new TurnOutcome(TurnStatus.Incomplete, null, "content_filter", _open),
            _ => new TurnOutcome(TurnStatus.Completed, null, null, _open),
        };
    }

    private TurnOutcome TooLong() => new(
        TurnStatus.Failed,
        new TurnError(
            "context_length_exceeded",
            $"The conversation has more than agent '{agent.Name}' takes, and the request says not to leave anything out: send truncation 'auto'."),
        null,
        _open);

    private static async Task LeaveAsync(Task<bool> pending, IAsyncEnumerator<ModelChunk> chunks)
    {
        await pending.ContinueWith(_ => { }, TaskScheduler.Current);
        await chunks.DisposeAsync();
    }

    private CallHead HeadOf(CallChunk piece)
    {
        if (!_calls.TryGetValue(piece.Index, out var head))
        {
            head = new CallHead(
                piece.CallId is { Length: > 0 } id ? Storable.Clean(id) : $"call_{live.Turn.Id}_{live.Active.Output.Length}_{piece.Index}",
                Storable.Clean(piece.Name ?? ""));
            _calls.Add(piece.Index, head);
        }

        return head;
    }

    private async Task AddAsync(CallHead? call, string text, bool declines = false)
    {
        if (_open is null || _open.Call != call || (_open.Kind == DeltaKind.Refusal) != declines)
        {
            await CloseAsync();
            var first = live.Stream.NextNumber;
            _open = new OpenItem(SessionState.NextOutputId(live.Active), live.Active.Output.Length, first, call, declines);
            live.Stream.Publish(_open.Events.Open(first, _open.Body));
        }

        _length += text.Length;
        if (_open.Add(text) is { } shown) live.Stream.Publish(_open.Events.More(live.Stream.NextNumber, _open.Kind, shown));
    }

    private async Task CloseAsync()
    {
        if (_open is not { } open) return;
        FinishOpen();
        var item = state.AppendOutput(live.Active, open.Body, ItemStatus.Completed, open.Emission);
        _open = null;
        await flush.FlushAsync();
        live.Stream.Publish(open.Events.Close(live.Stream.NextNumber, item));
    }

    private void FinishOpen()
    {
        if (_open?.Finish() is { } rest) live.Stream.Publish(_open.Events.More(live.Stream.NextNumber, _open.Kind, rest));
    }
}
