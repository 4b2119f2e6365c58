using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.Sessions;

public sealed class GrainSessionsTests
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/42");
    private readonly FakeSession _session = new();
    private readonly GrainSessions _sessions;

    public GrainSessionsTests() => _sessions = new GrainSessions(_ => _session, _session, _session, Calls.With());

    [Fact]
    public async Task SubmitAsync_AnswerLost_SendsTheSameTurnAsNoFirstTry()
    {
        var sent = new List<TurnRequest>();
        _session.OnSubmit = request =>
        {
            sent.Add(request);
            return sent.Count == 1
                ? Task.FromException<Submitted>(new TimeoutException())
                : Task.FromResult(new Submitted(ATurn.Running("b"), false, 0, "b"));
        };

        var submitted = await _sessions.SubmitAsync(
            Key, new TurnRequest { Id = ATurn.Id, IsFirstTry = true, Fingerprint = default, Input = [], Options = new TurnOptions() }, default);

        Assert.Equal("b", submitted.Silo);
        Assert.Equal([(ATurn.Id, true), (ATurn.Id, false)], sent.Select(r => (r.Id, r.IsFirstTry)));
    }

    [Fact]
    public async Task FollowAsync_LiveTurn_ShowsEveryBatchUpToTheEnd()
    {
        var stream = ATurn.Stream(ATurn.Ended(TurnStatus.Completed, "a"), ATurn.Said(0, 2, "Hel", "lo"));
        _session.OnWatch = (_, after) =>
        {
            var next = stream.Where(e => e.Number > after).Take(2).ToList();
            return Task.FromResult(new EventBatch([.. next], next[^1] == stream[^1] ? BatchState.Ended : BatchState.More, "a"));
        };

        Assert.Equal(stream, await FollowAsync(-1));
        Assert.Equal(stream.Skip(4), await FollowAsync(3));
    }

    // What a slow caller has not taken stays where it is: in the session, or on disk.
    [Fact]
    public async Task FollowAsync_CallerTakesNoMore_AsksTheSessionForNoMore()
    {
        var asked = 0;
        _session.OnWatch = (_, after) =>
        {
            asked++;
            return Task.FromResult(new EventBatch([new TurnAccepted(after + 1, ATurn.Running("a")), new TurnAccepted(after + 2, ATurn.Running("a"))], BatchState.More, "a"));
        };
        await using var events = _sessions.FollowAsync(Key, ATurn.Id, -1, default).GetAsyncEnumerator();

        for (var taken = 1; taken <= 6; taken++)
        {
            Assert.True(await events.MoveNextAsync());
            Assert.Equal((taken + 1) / 2, asked);
        }
    }

    [Fact]
    public async Task FollowAsync_SiloDiesMidItem_GoesOnWithTheNextAttempt()
    {
        var first = ATurn.Stream(ATurn.Running("a"), ATurn.Said(0, 2, "Hel", "lo")).Take(5).ToList();
        var second = ATurn.Stream(ATurn.Ended(TurnStatus.Completed, "a", "b"), ATurn.Said(0, TurnEvent.AttemptStride + 1, "Hi"));
        var tries = 0;
        _session.OnWatch = (_, after) => tries++ switch
        {
            0 => Task.FromResult(new EventBatch([.. first], BatchState.More, "a")),
            1 => Task.FromException<EventBatch>(new SiloUnavailableException()),
            _ => Task.FromResult(new EventBatch([.. second.Where(e => e.Number > after)], BatchState.Ended, "b")),
        };

        var shown = await FollowAsync(-1);

        Assert.Equal(first, shown.Take(5));
        Assert.Equal(["TextDone", "PartDone", "ItemDone", "AttemptStarted"], shown.Skip(5).Take(4).Select(e => e.GetType().Name));
        Assert.Equal(1, shown.OfType<ItemAdded>().Last().OutputIndex);
        Assert.IsType<TurnEnded>(shown[^1]);
        Assert.True(shown.Zip(shown.Skip(1)).All(pair => pair.First.Number < pair.Second.Number));
    }

    [Fact]
    public async Task FollowAsync_EndedLongAgo_ReplaysTheJournal()
    {
        var turn = ATurn.Ended(TurnStatus.Completed, "a");
        var item = ATurn.Said(0, 2, "Hello");
        _session.Journaled = new JournaledTurn(turn, [], [item], "a");
        _session.OnWatch = (_, _) => Task.FromResult(new EventBatch([], BatchState.Journaled, "a"));

        Assert.Equal(ATurn.Stream(turn, item).Select(e => (e.Number, e.GetType())), (await FollowAsync(-1)).Select(e => (e.Number, e.GetType())));
        Assert.Empty(await FollowAsync(8));
    }

    [Fact]
    public async Task FollowAsync_ActivationLost_WakesTheSessionAndGoesOn()
    {
        var stream = ATurn.Stream(ATurn.Ended(TurnStatus.Completed, "a"), ATurn.Said(0, 2, "Hello"));
        _session.Journaled = new JournaledTurn(ATurn.Running("a"), [], [], "a");
        _session.OnWatch = (_, after) => Task.FromResult(_session.Wakes == 0
            ? new EventBatch([], BatchState.Journaled, "a")
            : new EventBatch([.. stream.Where(e => e.Number > after)], BatchState.Ended, "b"));

        Assert.Equal(stream.Select(e => e.Number), (await FollowAsync(-1)).Select(e => e.Number));
        Assert.Equal(1, _session.Wakes);
    }

    [Fact]
    public async Task FollowAsync_UnknownTurn_IsRefused()
    {
        _session.OnWatch = (_, _) => Task.FromResult(new EventBatch([], BatchState.Journaled, "a"));

        var refusal = await Assert.ThrowsAsync<RefusalException>(() => FollowAsync(-1));

        Assert.Equal(RefusalCode.TurnNotFound, refusal.Code);
    }

    [Fact]
    public async Task FollowAsync_AfterANumberBeyondTheEnd_EndsWithoutAnEvent()
    {
        _session.Journaled = new JournaledTurn(ATurn.Ended(TurnStatus.Failed, "a"), [], [], "a");
        _session.OnWatch = (_, _) => Task.FromResult(new EventBatch([], BatchState.Ended, "b"));

        Assert.Empty(await FollowAsync(9));
        Assert.Empty(await FollowAsync(int.MaxValue));
    }

    [Fact]
    public async Task ResultAsync_EndsWhileWaiting_ReturnsTheEnd()
    {
        var end = (TurnEnded)ATurn.Stream(ATurn.Ended(TurnStatus.Completed, "a"))[^1];
        var tries = 0;
        _session.Journaled = new JournaledTurn(ATurn.Running("a"), [], [], "a");
        _session.OnWait = _ => Task.FromResult(tries++ == 0 ? new EventBatch([], BatchState.More, "a") : new EventBatch([end], BatchState.Ended, "a"));

        Assert.Same(end.Turn, (await _sessions.ResultAsync(Key, ATurn.Id, default)).Turn);
        Assert.Equal((2, 0), (tries, _session.Wakes));
    }

    [Theory]
    [InlineData(BatchState.More)]
    [InlineData(BatchState.Journaled)]
    public async Task ResultAsync_TurnThatIsParked_ReturnsItAsItStands(BatchState state)
    {
        var asked = new Item(1, new ItemId(ATurn.Id, 0, 1), ItemStatus.Completed, new ApprovalRequest("c", "launch", "{}"), new Emission(2, DeltaLengths.None));
        _session.Journaled = new JournaledTurn(ATurn.Running("a") with { Parked = true }, [], [asked], "a");
        _session.OnWait = _ => Task.FromResult(new EventBatch([], state, "a"));

        var result = await _sessions.ResultAsync(Key, ATurn.Id, default);

        Assert.Equal((TurnStatus.InProgress, true), (result.Turn.Status, result.Turn.Parked));
        Assert.Same(asked, Assert.Single(result.Output));
        Assert.Equal(0, _session.Wakes);
    }

    [Fact]
    public async Task ResolveAsync_AnswerLost_SendsItAgainAndReturnsWhatIsOnDisk()
    {
        var sent = new List<(TurnId, string, bool)>();
        _session.Journaled = new JournaledTurn(ATurn.Running("a", "b"), [], [], "b");
        _session.OnResolve = (turn, call, approve) =>
        {
            sent.Add((turn, call, approve));
            return sent.Count switch
            {
                1 => Task.FromException<Turn>(new TimeoutException()),
                2 => Task.FromException<Turn>(new RetryException("not parked yet")),
                _ => Task.FromResult(ATurn.Running("a")),
            };
        };

        var resolved = await _sessions.ResolveAsync(Key, ATurn.Id, "c", true, null, default);

        Assert.Same(_session.Journaled, resolved);
        Assert.Equal(Enumerable.Repeat((ATurn.Id, "c", true), 3), sent);
    }

    [Fact]
    public async Task ResolveAsync_Refused_IsNotSentAgain()
    {
        _session.OnResolve = (_, _, _) => Task.FromException<Turn>(new RefusalException(RefusalCode.ItemNotFound, "none", "call_id"));

        var refusal = await Assert.ThrowsAsync<RefusalException>(() => _sessions.ResolveAsync(Key, ATurn.Id, "c", true, null, default));

        Assert.Equal(RefusalCode.ItemNotFound, refusal.Code);
    }

    [Fact]
    public async Task ResultAsync_MergedTurn_ReturnsTheSurvivors()
    {
        var survivor = new TurnId(Guid.NewGuid());
        var end = (TurnEnded)ATurn.Stream(ATurn.Ended(TurnStatus.Completed, "a") with { Id = survivor })[^1];
        _session.Journaled = new JournaledTurn(ATurn.Ended(TurnStatus.Cancelled) with { MergedInto = survivor }, [], [], "a");
        _session.OnWait = turn => Task.FromResult(turn == survivor
            ? new EventBatch([end], BatchState.Ended, "a")
            : new EventBatch([], BatchState.Journaled, "a"));

        Assert.Equal(survivor, (await _sessions.ResultAsync(Key, ATurn.Id, default)).Turn.Id);
    }

    [Fact]
    public async Task DeleteAsync_AnswerLost_TakesNotFoundForDone()
    {
        var tries = 0;
        _session.OnDelete = _ => Task.FromException(
            tries++ == 0 ? new TimeoutException() : new RefusalException(RefusalCode.SessionNotFound, "gone"));

        await _sessions.DeleteAsync(Key, default);

        Assert.Equal(2, tries);
    }

    [Fact]
    public async Task DeleteAsync_EveryTry_IsAboutWhatWasThereBeforeTheFirst()
    {
        var before = _session.Mark = new SessionMark(7, 2);
        var sent = new List<SessionMark?>();
        _session.OnDelete = seen =>
        {
            sent.Add(seen);
            _session.Mark = new SessionMark(9, 0);
            return sent.Count < 3 ? Task.FromException(new TimeoutException()) : Task.CompletedTask;
        };

        await _sessions.DeleteAsync(Key, default);

        Assert.Equal([before, before, before], sent);
    }

    [Fact]
    public async Task DeleteAsync_UnknownSession_IsRefused()
    {
        _session.OnDelete = _ => Task.FromException(new RefusalException(RefusalCode.SessionNotFound, "none"));

        await Assert.ThrowsAsync<RefusalException>(() => _sessions.DeleteAsync(Key, default));
    }

    private async Task<List<TurnEvent>> FollowAsync(int after)
    {
        var shown = new List<TurnEvent>();
        await foreach (var e in _sessions.FollowAsync(Key, ATurn.Id, after, default)) shown.Add(e);
        return shown;
    }
}
