using System.Collections.Immutable;
using Conversations.Grains.Agents;
using Conversations.Grains.Tools;
using Conversations.Grains.Turns;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Sessions;

/// <summary>
/// What an activation does, without Orleans: takes requests, lets them run one at a time, shows what happens. It runs on one thread
/// at a time (the activation's scheduler); a change of state is synchronous, and what follows waits for the flush.
/// </summary>
internal sealed partial class SessionEngine
{
    // Whoever waits for a turn's end asks for it shortly after; later it is read from the journal.
    private const int EndedTurnsKept = 4;

    private readonly SessionKey _key;
    private readonly SessionState _state;
    private readonly ISessionStore _store;
    private readonly SessionContext _context;
    private readonly ILogger _log;
    private readonly SessionFlush _flush;
    private readonly Dictionary<TurnId, LiveTurn> _live = [];
    private readonly Queue<TurnId> _ended = [];
    private readonly Dictionary<TurnId, ReadOnlyMemory<byte>> _merged = [];
    private TurnId? _delivered;
    private Task? _running;
    private bool _closing;

    // Whether the session is counted among those of its tenant that are at work.
    private bool _isSeated;

    // Whether the runner did what it must not: to the turn that is a crash, which counts.
    private bool _hasFaulted;

    // Whether another activation wrote since this one loaded.
    private bool _isStale;

    public SessionEngine(SessionKey key, SessionState state, ISessionStore store, SessionContext context)
    {
        _key = key;
        _state = state;
        _state.Silo = context.Silo;
        if (!state.Exists && store.Version > 0) state.FollowTombstone(store.Version);
        _store = store;
        _context = context;
        _log = context.Log;
        _flush = new SessionFlush(state, store.WriteAsync, OnWriteFailed);
    }

    private DateTimeOffset Now
    {
        get
        {
            // The database keeps microseconds and the wire seconds: milliseconds come back as they went.
            var now = _context.Time.GetUtcNow();
            return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMillisecond));
        }
    }

    /// <summary>Takes up what an earlier activation left unfinished.</summary>
    public void Recover()
    {
        var latest = Now.AddSeconds(_context.Options.DebounceSeconds);
        foreach (var turn in _state.Unfinished)
        {
            // No turn waits that long: the clock that said when it is due was wrong.
            if (turn.Turn.DueAt > latest) turn.Turn = turn.Turn with { DueAt = Now };
            var live = Track(turn, isUncertain: turn.Turn is { Status: TurnStatus.InProgress, Parked: false });
            live.Stream.Publish(TurnReplay.Journaled(turn.Turn, turn.Output));
        }

        if (_state.Unfinished.Count == 0) return;
        var then = new List<Action>();
        if (_state.Running is { Turn.Parked: false } running) Retry(running, then);
        _ = Advance(then);
        EnsureRunning();
    }

    public async Task<Submitted> SubmitAsync(TurnRequest request)
    {
        ThrowIfClosing();
        if (Known(request) is { } known) return await AnswerAsync(known);
        if (!request.IsFirstTry && _state.Exists)
        {
            var receipt = await _context.Reader.FindReceiptAsync(_key, request.Id, CancellationToken.None);
            ThrowIfClosing();
            if (Known(request) is { } meanwhile) return await AnswerAsync(meanwhile);
            if (receipt is not null)
            {
                Acceptance.CheckSame(receipt.Fingerprint, request);
                return await AnswerAsync(receipt);
            }
        }

        // What was sent before a deletion, and comes after it, must not happen in the next life.
        if (_state.IsReborn)
        {
            var wasErased = await _context.Reader.WasErasedAsync(_key, request.Id, CancellationToken.None);
            ThrowIfClosing();
            if (Known(request) is { } meanwhile) return await AnswerAsync(meanwhile);
            Acceptance.CheckNotErased(wasErased);
        }

        if (request.IsResent && await FindResentAsync(request) is { } resent) return resent;
        Acceptance.Check(_state, request, _context.Options);
        var options = request.Options;
        if (request.CallsModel)
        {
            var agent = _context.Agents.Get(options.Agent);
            options = options with { Agent = agent.Name };
            ToolBox.For(agent, options);
            AgentInput.Check(agent, request.Input);
        }

        if (await FindBranchingAsync(request) is { } previous) return new Submitted(previous, false, 0, _context.Silo.Name, NeedsFork: true);
        if (Known(request) is { } sent) return await AnswerAsync(sent);
        Acceptance.CheckNewest(_state, request);

        if (request.From is { } from && !_state.Exists)
        {
            var origin = await FindOriginAsync(from, _context.Agents.Get(options.Agent).Options.WindowItems);
            if (Known(request) is { } meanwhile) return await AnswerAsync(meanwhile);
            if (!_state.Exists)
            {
                // What refuses comes before what changes.
                if (request.CallsModel && !_isSeated) TakeSeat();
                Branch(origin, ImmutableSortedDictionary<string, string>.Empty, request.Lifetime);
            }
        }

        var now = Now;
        var overlap = Overlap.Decide(
            request.Overlap ?? DefaultOverlap(), _state.Unfinished, request, options.Agent, now, TimeSpan.FromSeconds(_context.Options.DebounceSeconds));
        overlap = Acceptance.CheckBounds(overlap, _state, request, _context.Options);
        if (request.CallsModel && !_isSeated && (_state.Unfinished.Count == 0 || overlap.Stop != StopWish.None)) TakeSeat();
        return await AcceptAsync(request, options, overlap, now);
    }

    public async Task<bool> CancelAsync(TurnId turn)
    {
        ThrowIfClosing();
        if (!_state.Exists) throw NoSession();
        if (!_live.TryGetValue(turn, out var live)) return false;
        if (live.Turn.Status == TurnStatus.Queued)
        {
            _state.End(live.Active, TurnStatus.Cancelled, Now, reason: "cancelled");
            LogEnded(turn, live.Turn.Status);
            await Advance([() => PublishEnd(live)]);
            EnsureRunning();
            return true;
        }

        if (!live.Turn.Status.IsTerminal()) StopRunning(live, StopWish.Cancel);
        while (live.Stream.End is null)
        {
            ThrowIfClosing();
            await live.Stream.WhenChanged();
        }

        return true;
    }

    public async Task<Session> CreateOrGetAsync(ImmutableSortedDictionary<string, string> metadata, string? wish, SessionMark? seen)
    {
        ThrowIfClosing();
        CheckMetadata(metadata);
        if (_state.IsPrivate) throw NoSession();
        Acceptance.CheckNotDeletedSince(_state, seen);
        if (!_state.Create(Now, metadata, wish: wish)) Acceptance.CheckWish(_state, wish);
        await _flush.FlushAsync();
        return Head();
    }

    public async Task<Session> SetMetadataAsync(ImmutableSortedDictionary<string, string> metadata, SessionMark? seen)
    {
        ThrowIfClosing();
        if (!IsThere || _state.IsAnotherThan(seen)) throw NoSession();
        CheckMetadata(metadata);
        if (seen is null || seen.Revision == _state.Revision) _state.SetMetadata(metadata);
        await _flush.FlushAsync();
        return Head();
    }

    private OverlapPolicy DefaultOverlap() =>
        _state.Metadata.TryGetValue(OverlapPolicy.MetadataKey, out var text) && OverlapPolicy.TryParse(text, out var policy) ? policy : default;

    private static void CheckMetadata(ImmutableSortedDictionary<string, string> metadata)
    {
        if (metadata.TryGetValue(OverlapPolicy.MetadataKey, out var text) && !OverlapPolicy.TryParse(text, out _))
        {
            throw new RefusalException(
                RefusalCode.Invalid, $"The metadata '{OverlapPolicy.MetadataKey}' must be {OverlapPolicy.Rule}.", $"metadata.{OverlapPolicy.MetadataKey}");
        }
    }

    private Session Head() => new()
    {
        Id = _key.Id,
        CreatedAt = _state.CreatedAt,
        Metadata = _state.Metadata,
        ItemCount = _state.ItemCount,
        Silo = _context.Silo.Name,
        Parent = _state.Parent,
    };

    private LiveTurn? Known(TurnRequest request)
    {
        if (!_live.TryGetValue(request.Id, out var live)) return null;
        Acceptance.CheckSame(_merged.TryGetValue(request.Id, out var own) ? own : live.Turn.Fingerprint, request);
        return live;
    }

    private async Task<Submitted> AnswerAsync(Turn receipt)
    {
        if (receipt.MergedInto is not { } survivor) return new Submitted(receipt, false, 0, _context.Silo.Name);
        if (_live.TryGetValue(survivor, out var live)) return await AnswerAsync(live);
        var journaled = await _context.Reader.FindReceiptAsync(_key, survivor, CancellationToken.None);
        return new Submitted(journaled ?? receipt, false, 0, _context.Silo.Name);
    }

    private async Task<Submitted> AnswerAsync(LiveTurn live)
    {
        // An answer is an acknowledgement, also the second one.
        await _flush.FlushAsync();
        return new Submitted(live.Turn, false, live.Turn.Status.IsTerminal() ? 0 : PositionOf(live), _context.Silo.Name);
    }

    private LiveTurn Track(ActiveTurn turn, bool isUncertain = false) => _live[turn.Id] = new LiveTurn(turn) { IsUncertain = isUncertain };

    private void ThrowIfClosing(LiveTurn? unlessEnded = null)
    {
        if (_closing && unlessEnded?.Stream.End is null) throw new RetryException("The session is moving to another server: send the same request again.");
    }

    private static RefusalException NoSession() => new(RefusalCode.SessionNotFound, "There is no such conversation.", "conversation");
}
