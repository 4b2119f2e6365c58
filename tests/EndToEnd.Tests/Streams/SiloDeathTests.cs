using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;

namespace Conversations.EndToEnd.Tests.Streams;

/// <summary>The silo that hosts a session goes while it streams; the caller's open connection notices nothing but a new attempt.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class SiloDeathTests(RunningCluster cluster)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stream_HostingSiloGoes_EndsCompletedAndTheTurnIsThereOnce(bool kill)
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        (await cluster.Caller().SayAsync(session, "before")).Ok();
        using var stream = await cluster.Caller().StreamAsync(session, $"Tell {session}");
        await stream.DeltasAsync(held.PiecesBefore);
        var host = cluster.Silo(stream.Silo!);
        await (kill ? host.KillAsync() : host.TerminateAsync());
        held.GoOn();
        try
        {
            var events = await stream.ToEndAsync();

            StreamRules.AssertCompleted(events, held.Text);
            Assert.True(StreamRules.Attempts(events) >= 2);
            await AssertOnceAsync(session, held);
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }

    [Fact]
    public async Task Stream_HostingSiloKilledTwice_EndsCompletedAndTheTurnIsThereOnce()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        (await cluster.Caller().SayAsync(session, "before")).Ok();
        using var stream = await cluster.Caller().StreamAsync(session, $"Tell {session}");
        await stream.DeltasAsync(held.PiecesBefore);
        var first = cluster.Silo(stream.Silo!);
        await first.KillAsync();
        await stream.DeltasAsync(2 * held.PiecesBefore);
        var second = await cluster.HostOfAsync(session);
        await second.KillAsync();
        held.GoOn();
        try
        {
            var events = await stream.ToEndAsync();

            StreamRules.AssertCompleted(events, held.Text);
            Assert.True(StreamRules.Attempts(events) >= 3);
            await AssertOnceAsync(session, held);
        }
        finally
        {
            await cluster.ReviveAllAsync();
        }
    }

    [Fact]
    public async Task Answer_NotStreamedAndHostingSiloKilled_ComesWhole()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        (await cluster.Caller().SayAsync(session, "before")).Ok();
        var answer = cluster.Caller().SayAsync(session, $"Tell {session}");
        await held.Held.WaitAsync(Deadline.Length);
        var host = await cluster.HostOfAsync(session);
        await host.KillAsync();
        held.GoOn();
        try
        {
            Assert.Equal(held.Text, (await answer).Ok().OutputText);
            await AssertOnceAsync(session, held);
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }

    private async Task AssertOnceAsync(string session, HeldReply held) => Assert.Equal(
        ["user: before", "assistant: echo: before", $"user: Tell {session}", $"assistant: {held.Text}"],
        await cluster.Caller(1).TranscriptAsync(session));
}
