using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The stock npm client sends a POST again by itself, without any key, when the connection breaks.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class ClientRetryTests(RunningCluster cluster)
{
    private readonly string _session = RunningCluster.NewSession();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Connection_CutAfterTheTurnWasAccepted_RetryJoinsIt(bool stream)
    {
        var held = cluster.Script.Hold(_session);
        (await cluster.Caller().SayAsync(_session, "before")).Ok();
        // That the model is asked shows that the turn was accepted.
        await using var proxy = new CuttingProxy(cluster.Processes.Gateways[0].HttpUrl, i => i == 0 ? held.Held : null);
        var turn = Caller.Turn(_session, $"Tell {_session}");
        if (stream) turn["stream"] = true;
        using var call = await NodeCall.StartAsync(proxy.Url, "responses.create", turn);
        await held.Held;
        held.GoOn();
        var answer = await call.ToEndAsync();

        Assert.Contains(held.Text, answer[^1].ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(
            ["user: before", "assistant: echo: before", $"user: Tell {_session}", $"assistant: {held.Text}"], await cluster.Caller(1).TranscriptAsync(_session));
        Assert.Single(cluster.AskedAbout($"Tell {_session}"));
    }

    [Fact]
    public async Task SameWords_SaidTwice_AreTwoTurnsAlsoIfTheSecondOnesFirstTryIsLost()
    {
        await using var proxy = new CuttingProxy(cluster.Processes.Gateways[0].HttpUrl, i => i == 1 ? Task.CompletedTask : null);
        for (var i = 0; i < 2; i++) await NodeCall.AskAsync(proxy.Url, "responses.create", Caller.Turn(_session, $"next {_session}"));

        Assert.Equal(2, cluster.AskedAbout($"next {_session}").Count);
        Assert.Equal(4, (await cluster.Caller(1).TranscriptAsync(_session)).Count);
    }
}
