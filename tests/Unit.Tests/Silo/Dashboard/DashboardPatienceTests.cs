using Conversations.Silo.Dashboard;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Conversations.Unit.Tests.Silo.Dashboard;

public sealed class DashboardPatienceTests
{
    private static readonly IResult Fine = Results.Text("fine");

    private readonly DefaultHttpContext _http = new();

    [Fact]
    public async Task Ask_SilosNotYetKnownDead_AsksUntilAnswered()
    {
        var answers = new Queue<Func<IResult>>([
            () => throw new OrleansException("Unable to connect"),
            () => throw new TimeoutException(),
            () => Results.Text("lost connectivity", statusCode: StatusCodes.Status503ServiceUnavailable),
            () => Fine,
        ]);

        Assert.Same(Fine, await AskAsync(TimeProvider.System, () => answers.Dequeue()()));
        Assert.Empty(answers);
    }

    [Fact]
    public async Task Ask_NobodyEverAnswers_Is503AndSaysWhenToAskAgain()
    {
        var answer = Assert.IsAssignableFrom<IStatusCodeHttpResult>(await AskAsync(new TimeIsUp(), () => throw new SiloUnavailableException()));

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, answer.StatusCode);
        Assert.Equal("1", _http.Response.Headers.RetryAfter);
    }

    [Fact]
    public async Task Ask_FaultOfOurs_FliesAtOnce() =>
        await Assert.ThrowsAsync<FormatException>(() => AskAsync(TimeProvider.System, () => throw new FormatException()));

    private async Task<object?> AskAsync(TimeProvider time, Func<IResult> answer) =>
        await new DashboardPatience(time, NullLogger<DashboardPatience>.Instance)
            .InvokeAsync(EndpointFilterInvocationContext.Create(_http), _ => ValueTask.FromResult<object?>(answer()));

    /// <summary>Whatever is waited for is over at once.</summary>
    private sealed class TimeIsUp : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
