using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Sessions;

/// <summary>
/// The journal as a gateway reads it for a caller: a database that is away for a moment (it restarts, a connection was cut) is a wait,
/// not an error.
/// </summary>
internal sealed class PatientJournal(IJournalReader journal, PatientCalls calls) : IJournalReader
{
    /// <summary>The service key under which the endpoints ask for it.</summary>
    public const string Key = "patient";

    public Task<Session?> FindSessionAsync(SessionKey key, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.FindSessionAsync(key, cancellationToken), cancellationToken);

    public Task<SessionMark> FindMarkAsync(SessionKey key, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.FindMarkAsync(key, cancellationToken), cancellationToken);

    public Task<SessionPage> ListSessionsAsync(
        string tenant, string? after, bool newestFirst, int limit, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.ListSessionsAsync(tenant, after, newestFirst, limit, metadata, cancellationToken), cancellationToken);

    public Task<JournaledTurn?> FindTurnAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.FindTurnAsync(key, turn, cancellationToken), cancellationToken);

    public Task<Turn?> FindReceiptAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.FindReceiptAsync(key, turn, cancellationToken), cancellationToken);

    public Task<bool> WasErasedAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.WasErasedAsync(key, turn, cancellationToken), cancellationToken);

    public Task<Item?> FindItemAsync(SessionKey key, ItemId item, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.FindItemAsync(key, item, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<FoundItem>> FindItemsAsync(
        string tenant, IReadOnlyList<ItemId> items, ForkFrom? history, long most, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.FindItemsAsync(tenant, items, history, most, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<Item>> FindCallAsync(SessionKey key, string callId, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.FindCallAsync(key, callId, cancellationToken), cancellationToken);

    public Task<ItemPage?> ListItemsAsync(SessionKey key, ItemId? after, bool newestFirst, int limit, CancellationToken cancellationToken) =>
        calls.SendAsync(_ => journal.ListItemsAsync(key, after, newestFirst, limit, cancellationToken), cancellationToken);
}
