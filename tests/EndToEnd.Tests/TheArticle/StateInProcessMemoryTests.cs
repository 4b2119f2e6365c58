using Xunit.Abstractions;

namespace Conversations.EndToEnd.Tests.TheArticle;

/// <summary>"State kept in process memory vanishes between workers."</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class StateInProcessMemoryTests(RunningCluster cluster, ITestOutputHelper output)
{
    [Fact]
    public async Task History_NextRequestThroughAnotherGatewayAndSilo_IsThere()
    {
        var session = RunningCluster.NewSession();
        var first = (await cluster.Caller(0).SayAsync(session, $"I am {session}")).Ok();
        var host = cluster.Silo(first.Silo!);
        await host.TerminateAsync();
        try
        {
            var second = (await cluster.Caller(1).SayAsync(session, $"Am I {session}?")).Ok();

            Assert.NotEqual(first.Silo, second.Silo);
            Assert.Equal(
                [$"user: I am {session}", $"assistant: echo: I am {session}", $"user: Am I {session}?"],
                Assert.Single(cluster.AskedAbout($"Am I {session}?")).Messages);
            Assert.Equal(4, (await cluster.Caller(0).TranscriptAsync(session)).Count);
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }

    [Fact]
    public async Task Silo_KilledBetweenTurns_TheNextTurnHasTheWholeHistory()
    {
        var session = RunningCluster.NewSession();
        await cluster.Caller().SayAsync(session, $"one {session}");
        await cluster.Caller().SayAsync(session, $"two {session}");
        var host = await cluster.HostOfAsync(session);
        await host.KillAsync();
        try
        {
            var began = TimeProvider.System.GetTimestamp();
            var third = (await cluster.Caller().SayAsync(session, $"three {session}")).Ok();
            var took = TimeProvider.System.GetElapsedTime(began);

            output.WriteLine($"kill -9 to the next answer: {took.TotalSeconds:0.00} s");
            Assert.True(took < TimeSpan.FromSeconds(30), $"It took {took}.");
            Assert.NotEqual(host.Name, third.Silo);
            Assert.Equal(
                [$"user: one {session}", $"assistant: echo: one {session}", $"user: two {session}", $"assistant: echo: two {session}", $"user: three {session}"],
                Assert.Single(cluster.AskedAbout($"three {session}")).Messages);
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }
}
