using System.Collections.Immutable;
using System.Globalization;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.Hosting;
using Orleans.Placement;

namespace Conversations.Grains.Sessions;

/// <summary>A session as a grain: the shell of <see cref="SessionEngine"/>. It never migrates: a half-flushed state must not travel.</summary>
[Immovable, GrainType("session")]
internal sealed class SessionGrain(
    [PersistentState(SessionGrain.StateName, SessionGrain.StorageName)] IPersistentState<SessionState> state,
    SessionContext context,
    SessionWake wake,
    IHostApplicationLifetime lifetime) : Grain, ISessionGrain, ISessionStore
{
    /// <summary>The state's name; the SQL behind the storage takes no other.</summary>
    public const string StateName = "session";

    /// <summary>The storage provider's name.</summary>
    public const string StorageName = "conversations";

    private SessionEngine? _engine;
    private CancellationTokenRegistration _draining;

    private SessionEngine Engine => _engine ?? throw new InvalidOperationException("The session is not active.");

    /// <inheritdoc/>
    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var scheduler = TaskScheduler.Current;
        _engine = new SessionEngine(SessionKey.Parse(this.GetPrimaryKeyString()), state.State, this, context);
        // Watchers must not hold up a silo that shuts down.
        _draining = lifetime.ApplicationStopping.Register(
            () => Task.Factory.StartNew(_engine.Drain, CancellationToken.None, TaskCreationOptions.None, scheduler));
        _engine.Recover();
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _draining.DisposeAsync();
        if (_engine is not { } engine) return;
        await engine.HandOverAsync();
        // Nobody may be waiting. A silo that stops leaves it to the others, which look when the membership changes.
        if (engine.HasWork && !lifetime.ApplicationStopping.IsCancellationRequested) wake.Soon(this.GetPrimaryKeyString());
    }

    public Task<Submitted> SubmitAsync(TurnRequest request, CancellationToken cancellationToken) => Engine.SubmitAsync(request);

    public Task<EventBatch> WatchAsync(TurnId turn, int after, CancellationToken cancellationToken) => Engine.WatchAsync(turn, after);

    public Task<EventBatch> WaitAsync(TurnId turn, CancellationToken cancellationToken) => Engine.WaitAsync(turn);

    public Task DeliveredAsync(TurnId turn)
    {
        Engine.Delivered(turn);
        return Task.CompletedTask;
    }

    public Task<int> WaitForVersionAsync(int after, CancellationToken cancellationToken) => Engine.WaitForVersionAsync(after);

    public Task<bool> CancelAsync(TurnId turn, CancellationToken cancellationToken) => Engine.CancelAsync(turn);

    public Task DeleteTurnAsync(TurnId turn, CancellationToken cancellationToken) => Engine.DeleteTurnAsync(turn);

    public Task<Turn> ResolveAsync(TurnId turn, string callId, bool approve, string? reason, CancellationToken cancellationToken) =>
        Engine.ResolveAsync(turn, callId, approve, reason);

    public Task<Session> CreateOrGetAsync(
        ImmutableSortedDictionary<string, string> metadata, string? wish, SessionMark? seen, CancellationToken cancellationToken) =>
        Engine.CreateOrGetAsync(metadata, wish, seen);

    public Task<Session> ForkAsync(
        ForkFrom from, ImmutableSortedDictionary<string, string> metadata, string? wish, SessionMark? seen, CancellationToken cancellationToken) =>
        Engine.ForkAsync(from, metadata, wish, seen);

    public Task ForgetAsync(ImmutableArray<long> seqs)
    {
        Engine.Forget(seqs);
        return Task.CompletedTask;
    }

    public Task<Session> SetMetadataAsync(
        ImmutableSortedDictionary<string, string> metadata, SessionMark? seen, CancellationToken cancellationToken) =>
        Engine.SetMetadataAsync(metadata, seen);

    public Task<Session> DeleteAsync(SessionMark? seen, CancellationToken cancellationToken) => Engine.DeleteAsync(seen);

    public Task<bool> ExpireAsync(int? version, CancellationToken cancellationToken) => Engine.ExpireAsync(version);

    public Task<Session> EraseItemAsync(ItemId item, CancellationToken cancellationToken) => Engine.EraseItemAsync(item);

    public Task WakeAsync() => Engine.WakeAsync();

    // The storage's versions count from 1 and never fall.
    int ISessionStore.Version => state.Etag is { } version ? int.Parse(version, CultureInfo.InvariantCulture) : 0;

    Task ISessionStore.WriteAsync() => state.WriteStateAsync();

    Task ISessionStore.ClearAsync() => state.ClearStateAsync();

    void ISessionStore.Deactivate(string reason) =>
        GrainContext.Deactivate(new DeactivationReason(DeactivationReasonCode.ApplicationRequested, reason));

    void ISessionStore.KeepAlive(bool on) =>
        DelayDeactivation(on ? TimeSpan.FromSeconds(context.Options.TurnDeadlineSeconds + 60) : TimeSpan.FromMinutes(-1));
}
