using System.Threading.Channels;
using Conversations.Client.Sessions;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.Sessions;

public sealed class SessionStreamTests
{
    private readonly Channel<SessionEventPage?> _pages = Channel.CreateUnbounded<SessionEventPage?>();
    private readonly Channel<int> _versions = Channel.CreateUnbounded<int>();
    private readonly Channel<TurnEvent> _live = Channel.CreateUnbounded<TurnEvent>();
    private readonly Turn _turn = ATurn.Ended(TurnStatus.Completed, "a");
    private readonly IReadOnlyList<TurnEvent> _events = ATurn.Stream(ATurn.Ended(TurnStatus.Completed, "a"), ATurn.Said(0, 2, "Hel", "lo"));

    [Fact]
    public async Task AfterAsync_JournalReadBeforeTheLiveStreamIsHeard_KeepsTheOrder()
    {
        using var stop = new CancellationTokenSource();
        await using var stream = Follow(stop.Token);
        Page(1, running: true, _events[0], _events[1]);
        await NextAsync(stream, _events[0], _events[1]);
        _versions.Writer.TryWrite(2);
        Page(2, running: false, _events[^2], _events[^1]);
        var next = stream.MoveNextAsync().AsTask();
        Assert.False(next.IsCompleted);
        foreach (var e in _events.Skip(2)) _live.Writer.TryWrite(e);

        Assert.True(await next);
        Assert.Equal((_events[2], null), (stream.Current.Event, stream.Current.Cursor));
        await NextAsync(stream, [.. _events.Skip(3)]);
        await stop.CancelAsync();
    }

    [Fact]
    public async Task AfterAsync_LiveStreamHeardFirst_ReadsTheJournalForThePlace()
    {
        using var stop = new CancellationTokenSource();
        await using var stream = Follow(stop.Token);
        Page(1, running: true, _events[0], _events[1]);
        foreach (var e in _events.Skip(2).SkipLast(1)) _live.Writer.TryWrite(e);
        await NextAsync(stream, [.. _events.SkipLast(2)]);
        var next = stream.MoveNextAsync().AsTask();
        Page(2, running: true, _events[^2]);

        Assert.True(await next);
        Assert.Equal((_events[^2], new SessionCursor(2, 0)), (stream.Current.Event, stream.Current.Cursor));
        await stop.CancelAsync();
    }

    [Fact]
    public async Task AfterAsync_ItemThatADeadSiloLeftOpen_IsClosedWithoutAPlace()
    {
        using var stop = new CancellationTokenSource();
        await using var stream = Follow(stop.Token);
        Page(1, running: true, _events[0], _events[1]);
        var lost = (ItemDone)_events[^2];
        lost = lost with { Item = lost.Item with { Seq = -1 } };
        _live.Writer.TryWrite(lost);
        await NextAsync(stream, _events[0], _events[1]);

        Assert.True(await stream.MoveNextAsync());
        Assert.Equal((lost, null), (stream.Current.Event, stream.Current.Cursor));
        await stop.CancelAsync();
    }

    [Fact]
    public async Task AfterAsync_SessionThatGoes_IsRefused()
    {
        await using var stream = Follow(default);
        Page(1, running: false, _events[0]);
        await NextAsync(stream, _events[0]);
        _versions.Writer.TryWrite(2);
        _pages.Writer.TryWrite(null);

        Assert.Equal(RefusalCode.SessionNotFound, (await Assert.ThrowsAsync<RefusalException>(() => stream.MoveNextAsync().AsTask())).Code);
    }

    private IAsyncEnumerator<SessionEvent> Follow(CancellationToken stop) => new SessionStream(
        _ => _pages.Reader.ReadAsync(stop).AsTask(), _ => _versions.Reader.ReadAsync(stop).AsTask(), (_, _) => _live.Reader.ReadAllAsync(stop))
        .AfterAsync(SessionCursor.Start, stop)
        .GetAsyncEnumerator(stop);

    private void Page(int version, bool running, params TurnEvent[] events) => _pages.Writer.TryWrite(new SessionEventPage(
        [.. events.Select((e, index) => new SessionEvent(new SessionCursor(version, index), _turn.Id, e))],
        version,
        HasMore: false,
        running ? (_turn with { Status = TurnStatus.InProgress }, 1) : null));

    private static async Task NextAsync(IAsyncEnumerator<SessionEvent> stream, params TurnEvent[] events)
    {
        foreach (var e in events)
        {
            Assert.True(await stream.MoveNextAsync());
            Assert.Equal(e, stream.Current.Event);
            Assert.Equal(e is TurnAccepted or TurnStarted or ItemDone or TurnEnded, stream.Current.Cursor is not null);
        }
    }
}
