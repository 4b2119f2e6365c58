using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Journal.Rows;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>
/// A session as its activation holds it: head, window and unfinished turns, never the whole history. Every method changes it
/// synchronously and decides without I/O, clock or chance; what changed goes to the database with the next flush.
/// </summary>
internal sealed partial class SessionState
{
    private readonly List<ActiveTurn> _unfinished = [];
    private readonly List<Item> _window = [];
    private PendingChange _pending = new();

    /// <summary>Whether there is such a session.</summary>
    public bool Exists { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    public ImmutableSortedDictionary<string, string> Metadata { get; private set; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>How long it is kept.</summary>
    public SessionLifetime Lifetime { get; private set; }

    /// <summary>Whether it is there for one caller alone.</summary>
    public bool IsPrivate => Lifetime == SessionLifetime.Private;

    /// <summary>The hash of the wish that it was made by, or null.</summary>
    public string? MadeBy { get; private set; }

    /// <summary>The version of the tombstone that this life follows, greater than any of the lives before; 0: there were none.</summary>
    public int Life { get; private set; }

    /// <summary>Whether there was a session of its name before that was deleted.</summary>
    public bool IsReborn => Life > 0;

    /// <summary>How often metadata were replaced in this life.</summary>
    public int Revision { get; private set; }

    /// <summary>How many items there are; the next one's seq.</summary>
    public long ItemCount { get; private set; }

    /// <summary>How many turns were ever accepted; the next one's place.</summary>
    public long TurnCount { get; private set; }

    /// <summary>The seq of the first item that an activation loads.</summary>
    public long WindowFrom { get; private set; }

    public TurnId? NewestTurn { get; private set; }

    /// <summary>What it was forked from, or null.</summary>
    public Parent? Parent { get; private set; }

    /// <summary>The turns that have not ended, in the order of acceptance. At most the first one runs.</summary>
    public IReadOnlyList<ActiveTurn> Unfinished => _unfinished;

    /// <summary>The newest items, in order.</summary>
    public IReadOnlyList<Item> Window => _window;

    /// <summary>The turn that runs, or null.</summary>
    public ActiveTurn? Running => _unfinished is [{ Turn.Status: TurnStatus.InProgress } first, ..] ? first : null;

    /// <summary>How many items were erased since this activation began.</summary>
    public int Erasures { get; private set; }

    /// <summary>The silo that writes; part of every flush.</summary>
    public SiloIdentity? Silo { get; set; }

    public ActiveTurn? Find(TurnId id) => _unfinished.Find(t => t.Id == id);

    /// <summary>Whether there was another life, or none yet, when somebody saw that.</summary>
    public bool IsAnotherThan(SessionMark? seen) => Life >= seen?.Version;

    /// <summary>What is there is the tombstone of an earlier life.</summary>
    public void FollowTombstone(int version) => Life = version;

    /// <summary>Makes the session if it is not there; false if it is.</summary>
    public bool Create(
        DateTimeOffset now,
        ImmutableSortedDictionary<string, string>? metadata = null,
        SessionLifetime lifetime = SessionLifetime.Kept,
        string? wish = null)
    {
        if (Exists) return false;
        Exists = true;
        CreatedAt = now;
        Metadata = metadata ?? Metadata;
        (Lifetime, MadeBy) = (lifetime, wish);
        _pending.Data();
        return true;
    }

    /// <summary>Makes the session as a branch; <paramref name="window"/> is the end of what it begins with.</summary>
    public void Fork(
        DateTimeOffset now,
        ImmutableSortedDictionary<string, string> metadata,
        Parent parent,
        IReadOnlyList<Item> window,
        SessionLifetime lifetime = SessionLifetime.Kept,
        string? wish = null)
    {
        Create(now, metadata, lifetime, wish);
        Parent = parent;
        ItemCount = parent.Seq;
        WindowFrom = window is [var first, ..] ? first.Seq : parent.Seq;
        _window.AddRange(window);
        _pending.Fork(parent);
    }

    public void SetMetadata(ImmutableSortedDictionary<string, string> metadata)
    {
        Metadata = metadata;
        Revision++;
        _pending.Data();
    }

    /// <summary>Puts a turn at the end of the queue. The request was checked (<see cref="Acceptance"/>).</summary>
    public ActiveTurn Enqueue(TurnRequest request, TurnOptions options, DateTimeOffset now, DateTimeOffset? dueAt = null)
    {
        var turn = new ActiveTurn(
            new Turn
            {
                Id = request.Id,
                Order = TurnCount++,
                Status = TurnStatus.Queued,
                Options = options,
                CallsModel = request.CallsModel,
                Fingerprint = request.Fingerprint,
                CreatedAt = now,
                InputCount = request.Input.Length,
                WasQueued = _unfinished.Count > 0 || dueAt > now,
                DueAt = dueAt,
            },
            request.Input);
        NewestTurn = request.Id;
        _unfinished.Add(turn);
        _pending.Accepted(turn);
        return turn;
    }

    /// <summary>Joins a request to a waiting turn. The request's id stays known: it names the same turn from now on.</summary>
    public void Merge(ActiveTurn survivor, TurnRequest request, DateTimeOffset now, DateTimeOffset? dueAt)
    {
        survivor.Input = survivor.Input.AddRange(request.Input);
        survivor.Turn = survivor.Turn with { InputCount = survivor.Input.Length, DueAt = dueAt };
        _pending.Changed(survivor);
        NewestTurn = survivor.Id;
        _pending.Accepted(new ActiveTurn(
            new Turn
            {
                Id = request.Id,
                Order = TurnCount++,
                Status = TurnStatus.Completed,
                Options = survivor.Turn.Options,
                CallsModel = request.CallsModel,
                Fingerprint = request.Fingerprint,
                CreatedAt = now,
                EndedAt = now,
                InputCount = 0,
                MergedInto = survivor.Id,
            },
            []));
    }

    /// <summary>Notes that the running turn is to end, so that it does also in another life.</summary>
    public void Wish(ActiveTurn turn, StopWish wish)
    {
        if (turn.Turn.Stop != StopWish.None) return;
        turn.Turn = turn.Turn with { Stop = wish };
        _pending.Changed(turn);
    }

    /// <summary>Takes a running turn's items out of lists and window; they stay for the audit.</summary>
    public void Supersede(ActiveTurn turn)
    {
        turn.Turn = turn.Turn with { Superseded = true };
        _window.RemoveAll(i => i.Id.Turn == turn.Id);
        _pending.Changed(turn);
    }

    /// <summary>Lets a turn wait for a person, or go on.</summary>
    public void Park(ActiveTurn turn, bool parked)
    {
        turn.Turn = turn.Turn with { Parked = parked };
        _pending.Changed(turn);
    }

    /// <summary>Starts the first turn of the queue if none runs and it is due: only now does its input become history.</summary>
    /// <returns>The turn that started, or null.</returns>
    public ActiveTurn? StartNext(DateTimeOffset now)
    {
        if (_unfinished is not [{ Turn.Status: TurnStatus.Queued } next, ..] || next.Turn.DueAt > now) return null;
        next.Turn = next.Turn with
        {
            Status = TurnStatus.InProgress,
            FirstSeq = ItemCount,
            Attempts = [new Attempt(SiloName, now)],
        };
        for (var index = 0; index < next.Input.Length; index++)
        {
            Append(next, new Item(ItemCount, new ItemId(next.Id, 0, index), ItemStatus.Completed, next.Input[index]));
        }

        next.Input = [];
        return next;
    }

    /// <summary>Begins another attempt at the running turn, whose silo went.</summary>
    public void Retry(ActiveTurn turn, DateTimeOffset now)
    {
        turn.Turn = turn.Turn with { Attempts = turn.Turn.Attempts.Add(new Attempt(SiloName, now)) };
        _pending.Changed(turn);
    }

    /// <summary>Notes that the running attempt ends because its silo shuts down in good order.</summary>
    public void HandOver(ActiveTurn turn)
    {
        turn.Turn = turn.Turn with { Attempts = turn.Turn.Attempts.SetItem(turn.Turn.AttemptNumber, turn.Turn.Attempts[^1] with { HandedOver = true }) };
        _pending.Changed(turn);
    }

    /// <summary>The id of the next item that the running turn produces.</summary>
    public static ItemId NextOutputId(ActiveTurn turn) => new(turn.Id, turn.Turn.AttemptNumber, turn.Turn.ItemCount);

    /// <summary>Adds an item that the running turn produced.</summary>
    public Item AppendOutput(ActiveTurn turn, ItemBody body, ItemStatus status, Emission emission)
    {
        var item = new Item(ItemCount, NextOutputId(turn), status, body, emission);
        turn.Output = turn.Output.Add(item);
        Append(turn, item);
        return item;
    }

    /// <summary>The turn's function calls that have no output yet, in order.</summary>
    public static IEnumerable<FunctionCall> OpenCalls(ActiveTurn turn)
    {
        var answered = turn.Output.Select(i => i.Body).OfType<FunctionCallOutput>().Select(o => o.CallId).ToHashSet(StringComparer.Ordinal);
        return turn.Output.Select(i => i.Body).OfType<FunctionCall>().Where(c => !answered.Contains(c.CallId)).DistinctBy(c => c.CallId);
    }

    public void AddUsage(ActiveTurn turn, Usage usage)
    {
        turn.Turn = turn.Turn with { Usage = turn.Turn.Usage is { } sum ? sum + usage : usage };
        _pending.Changed(turn);
    }

    /// <summary>Ends a turn, running or queued, once and for all.</summary>
    public void End(ActiveTurn turn, TurnStatus status, DateTimeOffset now, TurnError? error = null, string? reason = null)
    {
        if (!_unfinished.Remove(turn)) throw new InvalidOperationException($"The turn {turn.Id} has ended before.");
        turn.Turn = turn.Turn with { Status = status, EndedAt = now, Error = error, Reason = reason };
        turn.Input = [];
        _pending.Changed(turn);
    }

    /// <summary>Lets the window begin at <paramref name="seq"/>; older items leave the memory, not the history.</summary>
    public void MoveWindow(long seq)
    {
        if (seq == WindowFrom) return;
        WindowFrom = seq;
        if (_window.RemoveAll(i => i.Seq < seq) > 0) ItemsRead = 0;
        _pending.Head();
    }

    /// <summary>How many of the newest items were read besides the loaded ones, for an agent with a larger window.</summary>
    public int ItemsRead { get; private set; }

    /// <summary>Takes older items into the memory.</summary>
    /// <param name="older">Those right before the window, in order.</param>
    /// <param name="count">How many of the newest items were asked for.</param>
    public void Widen(IReadOnlyList<Item> older, int count)
    {
        _window.InsertRange(0, older);
        ItemsRead = count;
    }

    /// <summary>Blanks an item of an ended turn. The numbers of the events after it stay what they were.</summary>
    public void Erase(Item item)
    {
        Forget(item.Seq);
        _pending.Erased(new ErasedRow(item.Seq, ItemEvents.DoneNumber(item)));
    }

    /// <summary>Blanks what an ended turn was asked with; that it was there stays known, and its items are the session's.</summary>
    public void ForgetTurn(TurnId turn) => _pending.Forgotten(turn);

    /// <summary>Drops the content of an item that was erased through another session.</summary>
    public void Forget(long seq)
    {
        Erasures++;
        var index = _window.FindIndex(i => i.Seq == seq);
        if (index >= 0) _window[index] = _window[index] with { Body = null };
    }

    private string SiloName => Silo?.Name ?? "";

    private void Append(ActiveTurn turn, Item item)
    {
        ItemCount++;
        turn.Turn = turn.Turn with { ItemCount = turn.Turn.ItemCount + 1 };
        _window.Add(item);
        _pending.Item(item);
        _pending.Changed(turn);
    }
}
