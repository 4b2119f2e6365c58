namespace Conversations.EndToEnd.Tests.TheArticle;

/// <summary>"Two requests at once, and the last write wins."</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class LastWriteWinsTests(RunningCluster cluster)
{
    [Fact]
    public async Task Requests_AtOnceThroughBothGateways_AreAllKeptInOneOrderEachOverItsPrefix()
    {
        const int count = 16;
        var session = RunningCluster.NewSession();
        var answers = await Task.WhenAll(Enumerable.Range(0, count).Select(i => cluster.Caller(i % 2).SayAsync(session, $"p{i} {session}")));
        var transcript = await cluster.Caller().TranscriptAsync(session);

        for (var i = 0; i < count; i++) Assert.Equal($"echo: p{i} {session}", answers[i].Ok().OutputText);
        Assert.Equal(2 * count, transcript.Count);
        Assert.Equal(count, cluster.AskedAbout(session).Count);
        for (var i = 0; i < transcript.Count; i += 2)
        {
            var said = transcript[i]["user: ".Length..];
            Assert.Equal($"assistant: echo: {said}", transcript[i + 1]);
            Assert.Equal(transcript.Take(i + 1), Assert.Single(cluster.AskedAbout(said)).Messages);
        }
    }
}
