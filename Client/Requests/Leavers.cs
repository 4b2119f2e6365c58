using Conversations.Client.Sessions;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Requests;

/// <summary>
/// Cancels the turns of callers that go away, where they asked for that. It is this gateway that notices: if it dies first, or stops,
/// the turn runs on.
/// </summary>
internal sealed partial class Leavers(ISessions sessions, IHostApplicationLifetime lifetime, ILogger<Leavers> logger)
{
    /// <summary>Serves a caller; cancels the turn if the caller has left by then.</summary>
    /// <param name="key">The session.</param>
    /// <param name="turn">The turn.</param>
    /// <param name="serve">Ends when there is nothing more to serve, or the caller has left.</param>
    /// <param name="left">Cancelled when the caller leaves.</param>
    public async Task ServeAsync(SessionKey key, TurnId turn, Func<Task> serve, CancellationToken left)
    {
        try
        {
            await serve();
        }
        finally
        {
            // A gateway that stops sends its callers away; they did not leave.
            if (left.IsCancellationRequested && !lifetime.ApplicationStopping.IsCancellationRequested) await CancelAsync(key, turn);
        }
    }

    private async Task CancelAsync(SessionKey key, TurnId turn)
    {
        try
        {
            LogLeft(logger);
            await sessions.CancelAsync(key, turn, CancellationToken.None);
        }
        catch (Exception fault)
        {
            LogNotCancelled(logger, fault);
        }
    }
}
