using Conversations.Client.Sessions;
using Conversations.Sessions;
using Orleans.Storage;

namespace Conversations.Unit.Tests.Client.Sessions;

public sealed class PatientCallsTests
{
    public static TheoryData<Exception> PassingFaults => [
        new RetryException("moving"),
        new TimeoutException(),
        new SiloUnavailableException(),
        new OrleansException("connection"),
        new GatewayTooBusyException(),
        new EnumerationAbortedException(),
        new InconsistentStateException("fenced"),
        new TaskCanceledException(),
    ];

    [Theory]
    [MemberData(nameof(PassingFaults))]
    public async Task SendAsync_FaultPasses_SendsAgain(Exception fault)
    {
        var answer = await Calls.With().SendAsync(tries => tries == 0 ? Task.FromException<int>(fault) : Task.FromResult(tries), default);

        Assert.Equal(1, answer);
    }

    [Fact]
    public async Task SendAsync_Refusal_FliesAtOnce()
    {
        var sent = 0;

        await Assert.ThrowsAsync<RefusalException>(() => Calls.With().SendAsync<int>(
            _ =>
            {
                sent++;
                throw new RefusalException(RefusalCode.SessionBusy, "busy");
            },
            default));
        Assert.Equal(1, sent);
    }

    [Fact]
    public async Task SendAsync_UnknownFault_FliesAtOnce() =>
        await Assert.ThrowsAsync<FormatException>(() => Calls.With().SendAsync(_ => Task.FromException<int>(new FormatException()), default));

    [Fact]
    public async Task SendAsync_SiloDies_AbandonsAndSendsAgain()
    {
        using var deaths = new SiloDeaths();
        var sent = new TaskCompletionSource();
        var lost = new TaskCompletionSource<int>();

        var answer = Calls.With(deaths).SendAsync(
            tries =>
            {
                sent.TrySetResult();
                return tries == 0 ? lost.Task : Task.FromResult(tries);
            },
            default);
        await sent.Task;
        deaths.Tell();

        Assert.Equal(1, await answer);
        lost.SetException(new TimeoutException());
    }

    [Fact]
    public async Task SendAsync_NoAnswerInTime_SendsAgain()
    {
        var calls = Calls.With(callTimeout: TimeSpan.FromMilliseconds(20));

        Assert.Equal(1, await calls.SendAsync(tries => tries == 0 ? new TaskCompletionSource<int>().Task : Task.FromResult(tries), default));
    }

    [Fact]
    public async Task SendAsync_FaultOutlastsTheRetries_IsUnavailable()
    {
        var calls = Calls.With(retryFor: TimeSpan.FromMilliseconds(60));

        var unavailable = await Assert.ThrowsAsync<UnavailableException>(() => calls.SendAsync(_ => Task.FromException<int>(new TimeoutException()), default));

        Assert.IsType<TimeoutException>(unavailable.InnerException);
        Assert.True(unavailable.RetryAfter > TimeSpan.Zero);
    }

    [Fact]
    public async Task SendAsync_CallerLeaves_IsCancelled()
    {
        using var caller = new CancellationTokenSource();

        var answer = Calls.With().SendAsync(_ => new TaskCompletionSource<int>().Task, caller.Token);
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answer);
    }
}
