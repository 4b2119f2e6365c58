using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Moving;

/// <summary>The article's program, and the same on Conversations: two workers, two requests at once, and then what is known of both.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class FromLangChainTests(SmallCluster cluster)
{
    [Fact]
    public async Task Program_WithADict_LosesWhatTheOtherWorkerWasTold()
    {
        var session = RunningCluster.NewSession();
        var handed = await ChatAsync("before.mjs", session);

        Assert.Contains($"user: {session}-a", handed);
        Assert.DoesNotContain($"user: {session}-b", handed);
        Assert.Equal(4, handed.Count);
    }

    [Fact]
    public async Task Program_OnConversations_KeepsAllOfItInOneOrder()
    {
        var session = RunningCluster.NewSession();
        var handed = await ChatAsync("after.mjs", session);
        var transcript = await cluster.Caller().TranscriptAsync(session);

        Assert.Equal(6, transcript.Count);
        Assert.Equal(["system: You are a helpful assistant.", .. transcript.Take(5)], handed);
        Assert.Equal(
            [$"user: {session}-a", $"user: {session}-b"], transcript.Take(4).Where(line => line.StartsWith("user:", StringComparison.Ordinal)).Order());
        for (var i = 0; i < transcript.Count; i += 2)
        {
            var said = transcript[i]["user: ".Length..];
            Assert.Equal($"assistant: echo: {said}", transcript[i + 1]);
            Assert.Equal(transcript.Take(i + 1), HandedFor(said).Skip(1));
        }
    }

    private async Task<IReadOnlyList<string>> ChatAsync(string program, string session)
    {
        cluster.Model.Reply(request => $"echo: {request.LastUser}");
        var environment = new Dictionary<string, string>
        {
            ["MODEL"] = "scripted",
            ["OPENAI_API_KEY"] = Caller.DevelopmentKey,
            ["OPENAI_BASE_URL"] = cluster.Model.Endpoint.ToString(),
            ["CONVERSATIONS_URL"] = new Uri(cluster.Processes.Gateways[0].HttpUrl, "/v1").ToString(),
        };
        using var first = await LangChainPrograms.StartAsync(program, environment);
        using var second = await LangChainPrograms.StartAsync(program, environment);
        var answers = await Task.WhenAll(first.SayAsync(session, $"{session}-a"), second.SayAsync(session, $"{session}-b"));
        Assert.Equal([$"echo: {session}-a", $"echo: {session}-b"], answers);
        Assert.Equal($"echo: {session}-c", await first.SayAsync(session, $"{session}-c"));
        return HandedFor($"{session}-c");
    }

    private IReadOnlyList<string> HandedFor(string said) => Assert.Single(cluster.Model.Requests, request => request.LastUser == said).Messages;
}
