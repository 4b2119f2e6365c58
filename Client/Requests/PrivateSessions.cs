using Conversations.Client.Sessions;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Requests;

/// <summary>
/// Erases the sessions of what is not stored, when the request or connection that they were there for has ended. If this gateway dies
/// first, the silos do it in the end.
/// </summary>
internal sealed partial class PrivateSessions(ISessions sessions, IHostApplicationLifetime lifetime, ILogger<PrivateSessions> logger)
{
    /// <summary>Serves a caller; then has the session erased that was there for this request alone.</summary>
    /// <param name="created">What the caller asked for.</param>
    /// <param name="isNamed">Whether the request has a name by which its retry finds it.</param>
    /// <param name="serve">Ends when there is nothing more to serve, or the caller has left.</param>
    /// <param name="left">Cancelled when the caller leaves.</param>
    public async Task ServeAsync(Created created, bool isNamed, Func<Task> serve, CancellationToken left)
    {
        try
        {
            await serve();
        }
        finally
        {
            var isGone = left.IsCancellationRequested;
            if (created.Asked.Lifetime == SessionLifetime.Private && !(isGone && isNamed)) LetGo(created.Session, isGone ? created.Turn : null);
        }
    }

    /// <summary>Has a session erased; nobody waits for this.</summary>
    /// <param name="key">The session.</param>
    /// <param name="unfinished">A turn that runs on without its caller, as turns do, and is to end first; or null.</param>
    public void LetGo(SessionKey key, TurnId? unfinished = null) => _ = LetGoAsync(key, unfinished);

    private async Task LetGoAsync(SessionKey key, TurnId? unfinished)
    {
        try
        {
            if (unfinished is { } turn) await sessions.ResultAsync(key, turn, lifetime.ApplicationStopping);
            await sessions.LetGoAsync(key, lifetime.ApplicationStopping);
        }
        catch (Exception fault)
        {
            LogLeft(logger, fault);
        }
    }
}
