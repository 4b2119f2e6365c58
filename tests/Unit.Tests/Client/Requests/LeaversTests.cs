using Conversations.Client.Requests;
using Conversations.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.Grpc;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conversations.Unit.Tests.Client.Requests;

public sealed class LeaversTests : IDisposable
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/42");
    private readonly MadeUpSessions _sessions = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private readonly CancellationTokenSource _left = new();
    private readonly List<TurnId> _cancelled = [];

    public LeaversTests() => _sessions.OnCancel = _cancelled.Add;

    public void Dispose() => _left.Dispose();

    [Fact]
    public async Task ServeAsync_CallerLeaves_CancelsTheTurn()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => ServeAsync(LeaveAsync));

        Assert.Equal([Samples.TurnId], _cancelled);
        Assert.Equal(Key, _sessions.LastKey);
    }

    [Fact]
    public async Task ServeAsync_CallerStays_LeavesTheTurnAlone()
    {
        await ServeAsync(() => Task.CompletedTask);

        Assert.Empty(_cancelled);
    }

    [Fact]
    public async Task ServeAsync_FaultWhileTheCallerStays_LeavesTheTurnAlone()
    {
        await Assert.ThrowsAsync<TimeoutException>(() => ServeAsync(() => Task.FromException(new TimeoutException())));

        Assert.Empty(_cancelled);
    }

    [Fact]
    public async Task ServeAsync_GatewayStops_LeavesTheTurnAlone()
    {
        _lifetime.StopApplication();

        await Assert.ThrowsAsync<OperationCanceledException>(() => ServeAsync(LeaveAsync));

        Assert.Empty(_cancelled);
    }

    [Fact]
    public async Task ServeAsync_CancelFails_IsNobodysError()
    {
        _sessions.First = _ => Task.FromException(new TimeoutException());

        await Assert.ThrowsAsync<OperationCanceledException>(() => ServeAsync(LeaveAsync));

        Assert.Single(_cancelled);
    }

    private Task ServeAsync(Func<Task> serve) =>
        new Leavers(_sessions, _lifetime, NullLogger<Leavers>.Instance).ServeAsync(Key, Samples.TurnId, serve, _left.Token);

    private async Task LeaveAsync()
    {
        await _left.CancelAsync();
        _left.Token.ThrowIfCancellationRequested();
    }
}
