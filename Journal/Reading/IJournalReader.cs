using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Journal.Reading;

/// <summary>
/// Reads what is acknowledged straight from PostgreSQL, activating nothing: whatever a caller was told, every reader finds.
/// A null answer means that there is no such thing.
/// </summary>
public interface IJournalReader
{
    /// <summary>A session's head.</summary>
    Task<Session?> FindSessionAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>A tenant's sessions by age.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="after">The id of the last session that the caller has; null: from the beginning of the order.</param>
    /// <param name="newestFirst">The order.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="metadata">What their metadata has; empty: anything.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RefusalException"><paramref name="after"/> is no session of the tenant.</exception>
    Task<SessionPage> ListSessionsAsync(
        string tenant,
        string? after,
        bool newestFirst,
        int limit,
        IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellationToken);

    /// <summary>A turn with its input and output. A name that was merged into another turn names that one.</summary>
    Task<JournaledTurn?> FindTurnAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken);

    /// <summary>The turn that was accepted under exactly this name, also one that was merged; without items.</summary>
    Task<Turn?> FindReceiptAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken);

    /// <summary>What is there of a session's name, also if it is deleted or private.</summary>
    Task<SessionMark> FindMarkAsync(SessionKey key, CancellationToken cancellationToken);

    /// <summary>Whether a turn of this name went with the session's deletion, within the last day.</summary>
    Task<bool> WasErasedAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken);

    /// <summary>One item, also an erased one (its body is null).</summary>
    Task<Item?> FindItemAsync(SessionKey key, ItemId item, CancellationToken cancellationToken);

    /// <summary>Items of a tenant by their names alone, whichever of its sessions have them; erased and private ones are left out.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="items">Their names, each once.</param>
    /// <param name="history">The history to compare them with: a session, or that up to a turn's end; null: none.</param>
    /// <param name="most">How many characters they may have in all.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Those that there are, in no order.</returns>
    /// <exception cref="RefusalException">They have more.</exception>
    Task<IReadOnlyList<FoundItem>> FindItemsAsync(
        string tenant, IReadOnlyList<ItemId> items, ForkFrom? history, long most, CancellationToken cancellationToken);

    /// <summary>The function call and the output with this call id, erased ones left out.</summary>
    Task<IReadOnlyList<Item>> FindCallAsync(SessionKey key, string callId, CancellationToken cancellationToken);

    /// <summary>Items in order of seq, erased ones left out.</summary>
    /// <param name="key">The session.</param>
    /// <param name="after">The last item that the caller has; null: from the beginning of the order.</param>
    /// <param name="newestFirst">The order.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null: no such session.</returns>
    /// <exception cref="RefusalException"><paramref name="after"/> is no item of the session.</exception>
    Task<ItemPage?> ListItemsAsync(SessionKey key, ItemId? after, bool newestFirst, int limit, CancellationToken cancellationToken);
}
