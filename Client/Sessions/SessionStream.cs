using System.Runtime.CompilerServices;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Sessions;

/// <summary>
/// A session's own stream, put together for one watcher: the journal says what happened and in which order; between two journaled events
/// of the turn that runs goes what its own stream shows live.
/// </summary>
/// <param name="read">Reads events after a place.</param>
/// <param name="waitForVersion">Waits for a later version of the head.</param>
/// <param name="follow">A turn's own stream, after a number.</param>
internal sealed class SessionStream(
    Func<SessionCursor, Task<SessionEventPage?>> read,
    Func<int, Task<int>> waitForVersion,
    Func<TurnId, int, IAsyncEnumerable<TurnEvent>> follow)
{
    /// <summary>All events after a place.</summary>
    /// <exception cref="RefusalException">There is no such session, or no longer.</exception>
    public async IAsyncEnumerable<SessionEvent> AfterAsync(SessionCursor place, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LiveTurn? live = null;
        Task<int>? news = null;
        try
        {
            while (true)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var page = await read(place) ?? throw new RefusalException(RefusalCode.SessionNotFound, "There is no such conversation.", "conversation");
                foreach (var journaled in page.Events)
                {
                    var shown = journaled;
                    if (live?.Turn == journaled.Turn && journaled.Event is ItemDone or TurnEnded)
                    {
                        // It can be read a moment before it is heard: what comes before it goes first.
                        while (!live.IsAt(journaled.Event))
                        {
                            live.Take();
                            if (!await live.NextAsync()) break;
                            if (live.Passing is { } between) yield return between;
                        }

                        shown = journaled with { Event = live.Take() ?? journaled.Event };
                    }

                    yield return shown;
                    place = journaled.Cursor!.Value;
                    if (journaled.Event is not TurnEnded || live?.Turn != journaled.Turn) continue;
                    await live.DisposeAsync();
                    live = null;
                }

                if (page.HasMore) continue;
                if (live is null && page.Running is var (turn, last)) live = new LiveTurn(turn.Id, follow(turn.Id, last));
                news ??= waitForVersion(page.Version);
                while (!news.IsCompleted)
                {
                    if (live is null)
                    {
                        await news;
                    }
                    else if (await Task.WhenAny(news, live.SoonAsync()) != news)
                    {
                        // What it says is journaled can be read now.
                        if (!await live.NextAsync() || live.IsJournaled) break;
                        if (live.Passing is { } between) yield return between;
                    }
                }

                if (!news.IsCompleted) continue;
                await news;
                news = null;
            }
        }
        finally
        {
            if (live is not null) await live.DisposeAsync();
        }
    }

    /// <summary>The stream of the turn that runs, one event at a time.</summary>
    private sealed class LiveTurn(TurnId turn, IAsyncEnumerable<TurnEvent> events) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<TurnEvent> _events = events.GetAsyncEnumerator();
        private Task<bool>? _next;
        private TurnEvent? _at;

        public TurnId Turn => turn;

        /// <summary>Whether the last event is one that the journal has.</summary>
        public bool IsJournaled => _at is TurnEnded || (_at is ItemDone done && IsOnDisk(done));

        /// <summary>The last event, if it is live only.</summary>
        public SessionEvent? Passing => _at is null or TurnAccepted or TurnQueued or TurnStarted || IsJournaled ? null : new SessionEvent(null, turn, _at);

        /// <summary>Whether the last event is this journaled one.</summary>
        public bool IsAt(TurnEvent journaled) => (_at, journaled) switch
        {
            (TurnEnded, TurnEnded) => true,
            (ItemDone at, ItemDone done) => at.ItemId == done.ItemId && IsOnDisk(at),
            _ => false,
        };

        /// <summary>The last event, which is not the last any more.</summary>
        public TurnEvent? Take()
        {
            var at = _at;
            _at = null;
            return at;
        }

        /// <summary>Ends when <see cref="NextAsync"/> has something.</summary>
        public Task SoonAsync() => _next ??= _events.MoveNextAsync().AsTask();

        /// <summary>Goes on by one event; false at the end.</summary>
        public async Task<bool> NextAsync()
        {
            // What the journal is still to show stays until it was taken.
            if (IsJournaled) return true;
            await SoonAsync();
            var hasNext = await _next!;
            _next = null;
            _at = hasNext ? _events.Current : null;
            return hasNext;
        }

        public async ValueTask DisposeAsync()
        {
            // An enumerator that waits ends with its caller's token alone.
            if (_next is { IsCompleted: false } waiting) _ = waiting.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            else await _events.DisposeAsync();
        }

        // What a dead silo left open is closed by the gateway, and is on no disk.
        private static bool IsOnDisk(ItemDone done) => done.Item.Seq >= 0;
    }
}
