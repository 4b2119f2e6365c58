using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.Grpc;

/// <summary>Sessions of which there is exactly one turn, whatever is asked; every call can be made to fail or to hang.</summary>
internal sealed class MadeUpSessions : ISessions, IJournalReader, ISessionEventReader
{
    private static readonly JournaledTurn Journaled = new(
        Samples.Turn with { Status = TurnStatus.Completed },
        [Samples.Input(new Message(Role.User, [new InputText("Hi")]))],
        [Samples.Output(new Message(Role.Assistant, [new OutputText("Hello")]))],
        "silo-2");

    /// <summary>What every call does first.</summary>
    public Func<CancellationToken, Task> First { get; set; } = _ => Task.CompletedTask;

    /// <summary>What every stream shows.</summary>
    public IEnumerable<TurnEvent> Events { get; set; } = Samples.Events;

    /// <summary>What a turn comes to.</summary>
    public TurnResult Result { get; set; } = Ended();

    /// <summary>Is told of every cancelled turn.</summary>
    public Action<TurnId>? OnCancel { get; set; }

    public (string CallId, bool Approve, string? Reason)? LastAnswer { get; private set; }

    public Task DeleteTurnAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) => Answer(key, true, cancellationToken);

    public TurnId? LastDelivered { get; private set; }

    public void Delivered(SessionKey key, TurnId turn) => LastDelivered = turn;

    public ForkFrom? LastFork { get; private set; }

    public (string Tenant, string? After, bool NewestFirst, int Limit, string Metadata) LastList { get; private set; }

    public SessionCursor LastPlace { get; private set; }

    public SessionKey? LastKey { get; private set; }

    /// <summary>The name of the last call.</summary>
    public string? LastStep { get; private set; }

    public TurnRequest? LastRequest { get; private set; }

    public int LastAfter { get; private set; }

    public Task<Submitted> SubmitAsync(SessionKey key, TurnRequest request, CancellationToken cancellationToken)
    {
        LastRequest = request;
        return Answer(key, new Submitted(Journaled.Turn with { Id = request.Id }, true, 0, "silo-2"), cancellationToken);
    }

    public async IAsyncEnumerable<TurnEvent> FollowAsync(
        SessionKey key, TurnId turn, int after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LastAfter = after;
        foreach (var e in Events.Where(e => e.Number > after)) yield return await Answer(key, e, cancellationToken);
    }

    public Task<TurnResult> ResultAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) => Answer(key, Result, cancellationToken);

    public Task<JournaledTurn> CancelAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken)
    {
        OnCancel?.Invoke(turn);
        return Answer(key, Journaled, cancellationToken);
    }

    public Task<JournaledTurn> ResolveAsync(
        SessionKey key, TurnId turn, string callId, bool approve, string? reason, CancellationToken cancellationToken)
    {
        LastAnswer = (callId, approve, reason);
        return Answer(key, Journaled, cancellationToken);
    }

    public async IAsyncEnumerable<SessionEvent> FollowSessionAsync(
        SessionKey key, SessionCursor after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        LastPlace = after;
        yield return new SessionEvent(new SessionCursor(3, 0), Samples.TurnId, null, Journaled.Input[0]);
        foreach (var e in Samples.Events) yield return new SessionEvent(null, Samples.TurnId, await Answer(key, e, cancellationToken));
    }

    public Task<SessionEventPage?> ReadAsync(SessionKey key, SessionCursor after, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<SessionCursor?> FindEndAsync(SessionKey key, CancellationToken cancellationToken) =>
        Answer<SessionCursor?>(key, new SessionCursor(9, 9), cancellationToken);

    /// <summary>What a turn comes to unless a test says otherwise.</summary>
    public static TurnResult Ended() => new(Samples.Turn, ((TurnEnded)Samples.Events.Last()).Output);

    public Task<Session> CreateOrGetAsync(
        SessionKey key, ImmutableSortedDictionary<string, string> metadata, string? wish, CancellationToken cancellationToken) =>
        Answer(key, Head(key) with { Metadata = metadata }, cancellationToken);

    public Task<Session> ForkAsync(
        SessionKey key, ForkFrom from, ImmutableSortedDictionary<string, string> metadata, string? wish, CancellationToken cancellationToken)
    {
        LastFork = from;
        return Answer(key, Head(key) with { Metadata = metadata, Parent = new Parent(from.Session, 2) }, cancellationToken);
    }

    public Task<Session> SetMetadataAsync(
        SessionKey key, ImmutableSortedDictionary<string, string> metadata, CancellationToken cancellationToken) =>
        Answer(key, Head(key) with { Metadata = metadata }, cancellationToken);

    public Task<string?> DeleteAsync(SessionKey key, CancellationToken cancellationToken) => Answer<string?>(key, "silo-1", cancellationToken);

    /// <summary>Is told of every session that is let go.</summary>
    public Action<SessionKey>? OnLetGo { get; set; }

    public Task LetGoAsync(SessionKey key, CancellationToken cancellationToken)
    {
        OnLetGo?.Invoke(key);
        return Answer(key, true, cancellationToken);
    }

    public Task<Session> EraseItemAsync(SessionKey key, ItemId item, CancellationToken cancellationToken) =>
        Answer(key, Head(key), cancellationToken);

    public Task<SessionMark> FindMarkAsync(SessionKey key, CancellationToken cancellationToken) => Answer(key, new SessionMark(1, 0), cancellationToken);

    public Task<Session?> FindSessionAsync(SessionKey key, CancellationToken cancellationToken) =>
        Answer(key, key.Id.StartsWith("conv_", StringComparison.Ordinal) ? null : Head(key), cancellationToken);

    public Task<SessionPage> ListSessionsAsync(
        string tenant, string? after, bool newestFirst, int limit, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        LastList = (tenant, after, newestFirst, limit, string.Join(';', metadata.Select(pair => $"{pair.Key}={pair.Value}")));
        SessionKey.TryCreate(tenant, "user-42", out var key);
        return Answer(key, new SessionPage([Head(key)], true), cancellationToken);
    }

    public Task<JournaledTurn?> FindTurnAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) =>
        Answer(key, turn == Samples.TurnId || turn == LastRequest?.Id ? Journaled : null, cancellationToken);

    public Task<Turn?> FindReceiptAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) =>
        Answer<Turn?>(key, Journaled.Turn, cancellationToken);

    public Task<bool> WasErasedAsync(SessionKey key, TurnId turn, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<Item?> FindItemAsync(SessionKey key, ItemId item, CancellationToken cancellationToken) =>
        Answer<Item?>(key, Journaled.Input[0], cancellationToken);

    /// <summary>What is found by its name alone.</summary>
    public Func<ItemId, FoundItem?> Referred { get; set; } = Said;

    public (string Tenant, ForkFrom? History, long Most) LastLookup { get; private set; }

    public async Task<IReadOnlyList<FoundItem>> FindItemsAsync(
        string tenant, IReadOnlyList<ItemId> items, ForkFrom? history, long most, CancellationToken cancellationToken)
    {
        LastLookup = (tenant, history, most);
        await First(cancellationToken);
        return [.. items.Select(Referred).OfType<FoundItem>()];
    }

    public Task<IReadOnlyList<Item>> FindCallAsync(SessionKey key, string callId, CancellationToken cancellationToken) =>
        Answer<IReadOnlyList<Item>>(key, [], cancellationToken);

    public Task<ItemPage?> ListItemsAsync(
        SessionKey key, ItemId? after, bool newestFirst, int limit, CancellationToken cancellationToken)
    {
        ImmutableArray<Item> items = [.. Journaled.Input, .. Journaled.Output];
        return Answer<ItemPage?>(key, new ItemPage(newestFirst ? [.. items.Reverse()] : items, true, "silo-2"), cancellationToken);
    }

    /// <summary>A message of this name.</summary>
    public static FoundItem Said(ItemId id) => new(Journaled.Input[0] with { Id = id }, IsInHistory: false);

    private static Session Head(SessionKey key) =>
        new() { Id = key.Id, CreatedAt = Samples.Turn.CreatedAt, ItemCount = 2, Silo = "silo-2" };

    private async Task<T> Answer<T>(SessionKey key, T answer, CancellationToken cancellationToken, [CallerMemberName] string step = "")
    {
        (LastKey, LastStep) = (key, step);
        await First(cancellationToken);
        return answer;
    }
}
