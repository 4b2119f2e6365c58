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

    /// <summary>Why it was stopped, once somebody wished it.</summary>
    public string? StopReason { get; private set; }

    /// <summary>What the model threw, for the log.</summary>
    public Exception? Failure { get; set; }

    /// <summary>Cancelled when the turn is to stop.</summary>
    public CancellationToken Stopping => (_stop ??= new CancellationTokenSource()).Token;

    /// <summary>Stops the run; the first reason stands.</summary>
    public void Stop(string reason)
    {
        StopReason ??= reason;
        (_stop ??= new CancellationTokenSource()).Cancel();
    }

    public void Dispose() => _stop?.Dispose();
}
