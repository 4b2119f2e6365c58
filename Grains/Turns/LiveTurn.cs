using Conversations.Grains.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Turns;

/// <summary>A turn and its stream, while this activation has them.</summary>
internal sealed class LiveTurn(ActiveTurn active) : IDisposable
{
    private CancellationTokenSource? _stop;

    public ActiveTurn Active { get; } = active;

    public Turn Turn => Active.Turn;

    public TurnStream Stream { get; } = new();

    /// <summary>Ends when the turn's acceptance or latest attempt is on disk and shown.</summary>
    public Task Ready { get; set; } = Task.CompletedTask;

    /// <summary>Whether an earlier life of the session may have begun the calls that are open now.</summary>
    public bool IsUncertain { get; set; }

    /// <summary>What people answered to approval requests while the turn runs; only the run adds items, so that their events are in order.</summary>
    public ApprovalInbox Answers { get; } = new();

    /// <summary>What the model threw, for the log.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Why a summary that was due was not made, for the log.</summary>
    public Exception? CompactionFailure { get; set; }

    /// <summary>Cancelled when the turn is to stop.</summary>
    public CancellationToken Stopping => (_stop ??= new CancellationTokenSource()).Token;

    /// <summary>Stops the run; what becomes of the turn is the engine's to say.</summary>
    public void Stop() => (_stop ??= new CancellationTokenSource()).Cancel();

    public void Dispose() => _stop?.Dispose();
}
