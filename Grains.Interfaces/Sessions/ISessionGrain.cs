using System.Collections.Immutable;
using Conversations.History;
using Conversations.Turns;
using Orleans.Concurrency;

namespace Conversations.Sessions;

/// <summary>
/// One session. Its key is a <see cref="SessionKey"/> as text. Every call is short and can be repeated: a caller that got no answer,
/// or a <see cref="RetryException"/>, sends the same call again. A wish that cannot be granted is a <see cref="RefusalException"/>.
/// </summary>
[Alias("conversations.ISessionGrain")]
public interface ISessionGrain : IGrainWithStringKey
{
    /// <summary>Accepts a turn and returns when that is on disk; the turn runs on without its caller.</summary>
    /// <exception cref="RefusalException">Nothing was accepted; the message says why.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("Submit")]
    Task<Submitted> SubmitAsync(TurnRequest request, CancellationToken cancellationToken = default);

    /// <summary>Notes that a turn's answer was written to its caller to the end; see <see cref="TurnRequest.IsResent"/>.</summary>
    [AlwaysInterleave, OneWay, Alias("Delivered")]
    Task DeliveredAsync(TurnId turn);

    /// <summary>
    /// The turn's events with a number greater than <paramref name="after"/> (-1: all). Waits a moment if there are none yet, then
    /// returns none: ask again. This is the only way that live events leave a session.
    /// </summary>
    [AlwaysInterleave, ReadOnly, ResponseTimeout("00:00:10"), Alias("Watch")]
    Task<EventBatch> WatchAsync(TurnId turn, int after, CancellationToken cancellationToken = default);

    /// <summary>As <see cref="WatchAsync"/> with only the last event, for a caller that wants the result alone.</summary>
    [AlwaysInterleave, ReadOnly, ResponseTimeout("00:00:10"), Alias("Wait")]
    Task<EventBatch> WaitAsync(TurnId turn, CancellationToken cancellationToken = default);

    /// <summary>Waits a moment for a write that makes the head's version greater than this one.</summary>
    /// <returns>The head's version as it is then, perhaps the same.</returns>
    /// <exception cref="RefusalException">There is no such session, or no longer.</exception>
    [AlwaysInterleave, ReadOnly, ResponseTimeout("00:00:10"), Alias("WaitForVersion")]
    Task<int> WaitForVersionAsync(int after, CancellationToken cancellationToken = default);

    /// <summary>Ends an unfinished turn as cancelled, on disk when this returns. An ended turn stays as it is.</summary>
    /// <returns>False if the session has no such turn in memory: it ended long ago, or never was.</returns>
    /// <exception cref="RefusalException">There is no such session.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("Cancel")]
    Task<bool> CancelAsync(TurnId turn, CancellationToken cancellationToken = default);

    /// <summary>Deletes a response: ends its turn if it has not ended, and blanks what it was asked with. Its items stay.</summary>
    /// <exception cref="RefusalException">There is no such session or turn.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("DeleteTurn")]
    Task DeleteTurnAsync(TurnId turn, CancellationToken cancellationToken = default);

    /// <summary>Answers a parked turn's approval request; the same answer again changes nothing. The turn goes on once all are answered.</summary>
    /// <exception cref="RefusalException">There is no such turn or request, or it was answered otherwise.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("Resolve")]
    Task<Turn> ResolveAsync(TurnId turn, string callId, bool approve, string? reason, CancellationToken cancellationToken = default);

    /// <summary>Makes the session, or returns the one there is.</summary>
    /// <param name="metadata">The new session's metadata; an existing one keeps its own.</param>
    /// <param name="wish">A hash that tells the same wish, sent again, from another one under the same name; null: any will do.</param>
    /// <param name="seen">What was there when it was wished for; null: whatever. What was deleted since is not made again.</param>
    /// <param name="cancellationToken">Gives up waiting, not the wish.</param>
    /// <exception cref="RefusalException">The session was made by another wish, or deleted since <paramref name="seen"/>.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("CreateOrGet")]
    Task<Session> CreateOrGetAsync(
        ImmutableSortedDictionary<string, string> metadata, string? wish = null, SessionMark? seen = null, CancellationToken cancellationToken = default);

    /// <summary>Makes the session as a branch of another one: one head row, whatever the length. The same fork again changes nothing.</summary>
    /// <exception cref="RefusalException">
    /// There is no such place to fork at, or this session exists and is no such fork, or was deleted since <paramref name="seen"/>.
    /// </exception>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("Fork")]
    Task<Session> ForkAsync(
        ForkFrom from,
        ImmutableSortedDictionary<string, string> metadata,
        string? wish = null,
        SessionMark? seen = null,
        CancellationToken cancellationToken = default);

    /// <summary>Drops erased items from memory; the session whose caller erased them calls this on all that share them.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("Forget")]
    Task ForgetAsync(ImmutableArray<long> seqs);

    /// <summary>Replaces the session's metadata, unless another one has since <paramref name="seen"/>: then that came later, and stays.</summary>
    /// <exception cref="RefusalException">There is no such session.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("SetMetadata")]
    Task<Session> SetMetadataAsync(
        ImmutableSortedDictionary<string, string> metadata, SessionMark? seen = null, CancellationToken cancellationToken = default);

    /// <summary>Cancels what runs and erases the session: all content is gone when this returns.</summary>
    /// <exception cref="RefusalException">There is no such session, or the one of <paramref name="seen"/> is gone and this is a later one.</exception>
    /// <returns>The head as it was.</returns>
    [AlwaysInterleave, ResponseTimeout("00:00:30"), Alias("Delete")]
    Task<Session> DeleteAsync(SessionMark? seen = null, CancellationToken cancellationToken = default);

    /// <summary>Erases a session that has had its time: nobody used it for long, or its only caller lets go of it.</summary>
    /// <param name="version">The head's version when nobody had used it for long; null: the caller of a private session lets go.</param>
    /// <param name="cancellationToken">Gives up waiting, not the wish.</param>
    /// <returns>False: somebody uses it, or it is kept, or there is none.</returns>
    [AlwaysInterleave, ResponseTimeout("00:00:30"), Alias("Expire")]
    Task<bool> ExpireAsync(int? version, CancellationToken cancellationToken = default);

    /// <summary>Blanks an item's content, and with a function call its output and the other way round; the seq stays.</summary>
    /// <exception cref="RefusalException">There is no such session or item, or its turn is unfinished.</exception>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("EraseItem")]
    Task<Session> EraseItemAsync(ItemId item, CancellationToken cancellationToken = default);

    /// <summary>Makes sure that the session's unfinished turns run; nothing to do for a healthy one.</summary>
    [AlwaysInterleave, ResponseTimeout("00:00:10"), Alias("Wake")]
    Task WakeAsync();
}

/// <summary>The answer to an accepted request.</summary>
/// <param name="Turn">The turn as it stands.</param>
/// <param name="IsNew">False: this request had been accepted before.</param>
/// <param name="Position">How many turns run or wait before it.</param>
/// <param name="Silo">The name of the silo that answers.</param>
/// <param name="NeedsFork">
/// True: nothing was accepted, because the request goes on from <paramref name="Turn"/> and this session cannot. It belongs into a fork,
/// once that turn has ended.
/// </param>
[GenerateSerializer, Immutable, Alias("conversations.Submitted")]
public sealed record Submitted(
    [property: Id(0)] Turn Turn,
    [property: Id(1)] bool IsNew,
    [property: Id(2)] int Position,
    [property: Id(3)] string Silo,
    [property: Id(4)] bool NeedsFork = false);

/// <summary>Some of a turn's events.</summary>
/// <param name="Events">The events, in order; may be empty.</param>
/// <param name="State">What to do next.</param>
/// <param name="Silo">The name of the silo that answers.</param>
[GenerateSerializer, Immutable, Alias("conversations.EventBatch")]
public sealed record EventBatch(
    [property: Id(0)] ImmutableArray<TurnEvent> Events, [property: Id(1)] BatchState State, [property: Id(2)] string Silo);

/// <summary>What a reader of an <see cref="EventBatch"/> does next.</summary>
public enum BatchState
{
    /// <summary>Ask again, after the last event.</summary>
    More = 0,

    /// <summary>The last event is there.</summary>
    Ended = 1,

    /// <summary>The turn is not in memory: if it exists, it ended and is read from the journal.</summary>
    Journaled = 2,
}
