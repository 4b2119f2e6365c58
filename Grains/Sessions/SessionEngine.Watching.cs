using Conversations.Grains.Turns;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>The part of the engine that tells who watches or waits.</summary>
internal sealed partial class SessionEngine
{
    public async Task<EventBatch> WatchAsync(TurnId turn, int after)
    {
        ThrowIfClosing();
        if (!_live.TryGetValue(turn, out var live)) return new EventBatch([], BatchState.Journaled, _context.Silo.Name);
        if (live.Stream.IsAmidText(after))
        {
            await AtMostAsync(live.Stream.WhenTextEnds(), TimeSpan.FromMilliseconds(_context.Options.GatherMilliseconds));
            ThrowIfClosing(live);
        }

        var events = live.Stream.Read(after);
        if (events.IsEmpty && live.Stream.End is null)
        {
            await NewsAsync(live);
            events = live.Stream.Read(after);
        }

        var ended = live.Stream.End is { } end && (events is [.., var last] ? last == end : after >= end.Number);
        return new EventBatch(events, ended ? BatchState.Ended : BatchState.More, _context.Silo.Name);
    }

    public async Task<EventBatch> WaitAsync(TurnId turn)
    {
        ThrowIfClosing();
        if (!_live.TryGetValue(turn, out var live)) return new EventBatch([], BatchState.Journaled, _context.Silo.Name);
        var until = _context.Time.GetUtcNow().AddSeconds(_context.Options.WatchSeconds);
        while (live.Stream.End is null && !live.Turn.Parked && _context.Time.GetUtcNow() < until) await NewsAsync(live);
        // Whoever asks next finds in the journal that it waits for a person.
        if (live.Turn.Parked) await _flush.FlushAsync();
        return live.Stream.End is { } end
            ? new EventBatch([end], BatchState.Ended, _context.Silo.Name)
            : new EventBatch([], BatchState.More, _context.Silo.Name);
    }

    public async Task<int> WaitForVersionAsync(int after)
    {
        ThrowIfClosing();
        if (!_state.Exists) throw NoSession();
        if (_store.Version <= after)
        {
            try
            {
                await _flush.WhenWritten().WaitAsync(TimeSpan.FromSeconds(_context.Options.WatchSeconds), _context.Time);
            }
            catch (TimeoutException)
            {
                // Ask again.
            }
        }

        ThrowIfClosing();
        return _store.Version;
    }

    private async Task NewsAsync(LiveTurn live)
    {
        await AtMostAsync(live.Stream.WhenChanged(), TimeSpan.FromSeconds(_context.Options.WatchSeconds));
        ThrowIfClosing(live);
    }

    private async Task AtMostAsync(Task happens, TimeSpan patience) => await happens.WaitAsync(patience, _context.Time)
        .ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
}
