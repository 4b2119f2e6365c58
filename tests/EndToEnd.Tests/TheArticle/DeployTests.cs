namespace Conversations.EndToEnd.Tests.TheArticle;

/// <summary>"Memory resets after a deploy."</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class DeployTests(RunningCluster cluster)
{
    [Theory]
    [InlineData("SIGTERM")]
    [InlineData("kill -9")]
    [InlineData("SIGTERM, PostgreSQL too")]
    public async Task History_EverythingRestarted_IsTheSame(string how)
    {
        var session = RunningCluster.NewSession();
        var before = await TellAsync(session);
        await Task.WhenAll(cluster.Hosts().Select(host => how == "kill -9" ? host.KillAsync() : host.TerminateAsync()));
        try
        {
            if (how.Contains("PostgreSQL", StringComparison.Ordinal)) await cluster.Processes.Postgres!.StopAsync();
        }
        finally
        {
            await cluster.Processes.Postgres!.StartAsync();
            await cluster.ReviveAllAsync();
        }

        Assert.Equal(before, await cluster.Caller().TranscriptAsync(session));
        Assert.Equal($"echo: after {session}", (await cluster.Caller(1).SayAsync(session, $"after {session}")).Ok().OutputText);
        Assert.Equal([.. before, $"user: after {session}"], Assert.Single(cluster.AskedAbout($"after {session}")).Messages);
    }

    private async Task<IReadOnlyList<string>> TellAsync(string session)
    {
        for (var i = 0; i < 3; i++) (await cluster.Caller(i % 2).SayAsync(session, $"m{i} {session}")).Ok();
        return await cluster.Caller().TranscriptAsync(session);
    }
}
