using Conversations.Sessions;

namespace Conversations.Grains.Sessions;

/// <summary>
/// The only writer of a session: one flush at a time, each with all that changed before it began, so that concurrent calls share a
/// commit. After a failed write nobody knows what is on disk: every waiter gets a fault that another try cures, and nothing is
/// written from this memory again.
/// </summary>
/// <param name="state">What is flushed.</param>
/// <param name="write">Writes it; one round trip.</param>
/// <param name="onFailure">Called once, at the first failure.</param>
internal sealed class SessionFlush(SessionState state, Func<Task> write, Action<Exception> onFailure)
{
    private TaskCompletionSource? _waiting;
    private TaskCompletionSource? _written;
    private bool _running;

    /// <summary>Whether a write failed.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Ends when all that changed until now is on disk.</summary>
    /// <exception cref="RetryException">What is on disk is unknown.</exception>
    public Task FlushAsync()
    {
        if (HasFailed) return Task.FromException(Unknown());
        if (!state.IsDirty && !_running) return Task.CompletedTask;
        _waiting ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var waiting = _waiting.Task;
        if (!_running) _ = LoopAsync();
        return waiting;
    }

    /// <summary>Ends with the next write, or with the next <see cref="Signal"/>.</summary>
    public Task WhenWritten() => (_written ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Lets nobody wait for a write any longer.</summary>
    public void Signal()
    {
        _written?.TrySetResult();
        _written = null;
    }

    private async Task LoopAsync()
    {
        // Nothing awaits this: waiters are told by their own tasks, and a failure by onFailure.
        TaskCompletionSource? flushing = null;
        _running = true;
        try
        {
            while (_waiting is not null)
            {
                flushing = _waiting;
                _waiting = null;
                if (state.IsDirty)
                {
                    state.BeginFlush();
                    await write();
                    state.EndFlush();
                    Signal();
                }

                flushing.SetResult();
            }
        }
        catch (Exception e)
        {
            HasFailed = true;
            flushing?.TrySetException(Unknown());
            _waiting?.TrySetException(Unknown());
            _waiting = null;
            onFailure(e);
        }
        finally
        {
            _running = false;
        }
    }

    private static RetryException Unknown() => new("The write to the database failed and its outcome is unknown: send the same request again.");
}
