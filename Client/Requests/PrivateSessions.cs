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
