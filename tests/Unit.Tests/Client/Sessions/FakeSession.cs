using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.Sessions;

/// <summary>A session grain and its journal that do as they are told.</summary>
internal sealed class FakeSession : ISessionGrain, IJournalReader, ISessionEventReader
{
    public Func<TurnRequest, Task<Submitted>>? OnSubmit { get; set; }

    public Func<TurnId, int, Task<EventBatch>>? OnWatch { get; set; }

    public Func<TurnId, Task<EventBatch>>? OnWait { get; set; }

    public Func<TurnId, string, bool, Task<Turn>>? OnResolve { get; set; }

    public Func<SessionMark?, Task>? OnDelete { get; set; }

    public SessionMark Mark { get; set; } = new(0, 0);

    public JournaledTurn? Journaled { get; set; }

    public int Wakes { get; private set; }

    public Task<Submitted> SubmitAsync(TurnRequest request, CancellationToken cancellationToken = default) => OnSubmit!(request);

    public Task<EventBatch> WatchAsync(TurnId turn, int after, CancellationToken cancellationToken = default) => OnWatch!(turn, after);

    public Task<EventBatch> WaitAsync(TurnId turn, CancellationToken cancellationToken = default) => OnWait!(turn);

    public Task DeleteTurnAsync(TurnId turn, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task DeliveredAsync(TurnId turn) => throw new NotSupportedException();

    public Task<int> WaitForVersionAsync(int after, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<SessionEventPage?> ReadAsync(SessionKey key, SessionCursor after, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionCursor?> FindEndAsync(SessionKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<bool> CancelAsync(TurnId turn, CancellationToken cancellationToken = default) => Task.FromResult(true);

    public Task<Session> CreateOrGetAsync(
        ImmutableSortedDictionary<string, string> metadata, string? wish = null, SessionMark? seen = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<Session> ForkAsync(
        ForkFrom from,
        ImmutableSortedDictionary<string, string> metadata,
        string? wish = null,
        SessionMark? seen = null,
        CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task ForgetAsync(ImmutableArray<long> seqs) => throw new NotSupportedException();

    public Task<Session> SetMetadataAsync(
        ImmutableSortedDictionary<string, string> metadata, SessionMark? seen = null, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public async Task<Session> DeleteAsync(SessionMark? seen = null, CancellationToken cancellationToken = default)
    {
        await OnDelete!(seen);
        return new Session { Id = "s", CreatedAt = DateTimeOffset.UnixEpoch, Silo = "a" };
    }

    public Task<Turn> ResolveAsync(TurnId turn, string callId, bool approve, string? reason, CancellationToken cancellationToken = default) =>
        OnResolve!(turn, callId, approve);

    public Task<bool> ExpireAsync(int? version, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<Session> EraseItemAsync(ItemId item, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task WakeAsync()
    {
        Wakes++;
        return Task.CompletedTask;
    }

    public Task<Session?> FindSessionAsync(SessionKey key, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionPage> ListSessionsAsync(
        string tenant, string? after, bool newestFirst, int limit, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<JournaledTurn?> FindTurnAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) =>
        Task.FromResult(Journaled is { } found && found.Turn.Id == turn ? found : null);

    public Task<Turn?> FindReceiptAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionMark> FindMarkAsync(SessionKey key, CancellationToken cancellationToken) => Task.FromResult(Mark);

    public Task<bool> WasErasedAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Item?> FindItemAsync(SessionKey key, ItemId item, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<FoundItem>> FindItemsAsync(
        string tenant, IReadOnlyList<ItemId> items, ForkFrom? history, long most, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<IReadOnlyList<Item>> FindCallAsync(SessionKey key, string callId, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ItemPage?> ListItemsAsync(SessionKey key, ItemId? after, bool newestFirst, int limit, CancellationToken cancellationToken) =>
        throw new NotSupportedException();
}
