using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Sessions;

/// <summary>
/// All sessions, as a gateway sees them. Each call is sent again, under the same names, until it is answered or its time is up. The
/// caller's own fault is a <see cref="RefusalException"/>; a fault that outlasts the retries is an <see cref="UnavailableException"/>.
/// Reading what has ended needs none of this: see <see cref="IJournalReader"/>.
/// </summary>
public interface ISessions
{
    /// <summary>Has a turn accepted; it is on disk when this returns, and runs on whether or not anybody listens.</summary>
    /// <exception cref="RefusalException">Nothing was accepted.</exception>
    Task<Submitted> SubmitAsync(SessionKey key, TurnRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// A turn's events with a number greater than <paramref name="after"/> (-1: all), live or journaled, up to the
    /// <see cref="TurnEnded"/>. It outlives the silos that produce them: what a dead one left open is closed as incomplete, and
    /// <see cref="ItemEvent.OutputIndex"/> counts what this enumeration showed.
    /// </summary>
    /// <exception cref="RefusalException">There is no such turn, or no longer.</exception>
    IAsyncEnumerable<TurnEvent> FollowAsync(SessionKey key, TurnId turn, int after, CancellationToken cancellationToken);

    /// <summary>
    /// A session's own stream after a place: the turns of all callers, on disk and as they come, for as long as the session exists. What
    /// is on disk has a place; what lies between (deltas and their like) is live only.
    /// </summary>
    /// <exception cref="RefusalException">There is no such session, or no longer.</exception>
    IAsyncEnumerable<SessionEvent> FollowSessionAsync(SessionKey key, SessionCursor after, CancellationToken cancellationToken);

    /// <summary>Waits until a turn has ended, or is parked: a person may take days to answer.</summary>
    /// <exception cref="RefusalException">There is no such turn, or no longer.</exception>
    Task<TurnResult> ResultAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken);

    /// <summary>Ends a turn as cancelled if it has not ended yet, and returns it as it is on disk then.</summary>
    /// <exception cref="RefusalException">There is no such turn.</exception>
    Task<JournaledTurn> CancelAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken);

    /// <summary>Deletes a response: ends its turn if it has not ended, and blanks what it was asked with. Its items stay.</summary>
    /// <exception cref="RefusalException">There is no such turn.</exception>
    Task DeleteTurnAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken);

    /// <summary>
    /// Answers a turn's approval request, and returns the turn as it is on disk then. The same answer again changes nothing, also when
    /// the turn has ended.
    /// </summary>
    /// <exception cref="RefusalException">There is no such turn or request, it was answered otherwise, or its turn ended without an answer.</exception>
    Task<JournaledTurn> ResolveAsync(SessionKey key, TurnId turn, string callId, bool approve, string? reason, CancellationToken cancellationToken);

    /// <summary>Notes that a turn's answer was written to its caller; nobody waits for this.</summary>
    void Delivered(SessionKey key, TurnId turn);

    /// <summary>Makes a session, or returns the one there is with the metadata it has.</summary>
    /// <exception cref="RefusalException">The session was made by another wish than this.</exception>
    Task<Session> CreateOrGetAsync(
        SessionKey key, ImmutableSortedDictionary<string, string> metadata, string? wish, CancellationToken cancellationToken);

    /// <summary>Makes a session as a branch of another one of its tenant. The same fork again changes nothing.</summary>
    /// <exception cref="RefusalException">There is no such place to fork at, or the session exists and is no such fork.</exception>
    Task<Session> ForkAsync(
        SessionKey key, ForkFrom from, ImmutableSortedDictionary<string, string> metadata, string? wish, CancellationToken cancellationToken);

    /// <summary>Replaces a session's metadata.</summary>
    /// <exception cref="RefusalException">There is no such session.</exception>
    Task<Session> SetMetadataAsync(SessionKey key, ImmutableSortedDictionary<string, string> metadata, CancellationToken cancellationToken);

    /// <summary>Cancels what runs in a session and erases it.</summary>
    /// <exception cref="RefusalException">There is no such session.</exception>
    /// <returns>The name of the silo that did it, or null if an earlier try had.</returns>
    Task<string?> DeleteAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>Erases a private session, of which its only caller lets go, and what runs in it; nothing to do if it is gone.</summary>
    Task LetGoAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>Blanks an item, and with a function call its output and the other way round.</summary>
    /// <exception cref="RefusalException">There is no such session or item, or its turn is unfinished.</exception>
    Task<Session> EraseItemAsync(SessionKey key, ItemId item, CancellationToken cancellationToken);
}
