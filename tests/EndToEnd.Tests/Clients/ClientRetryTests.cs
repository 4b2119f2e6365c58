using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The stock npm client sends a POST again by itself, without any key, when the connection breaks.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class ClientRetryTests(RunningCluster cluster)
{
    private readonly string _session = RunningCluster.NewSession();

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Connection_CutAfterTheTurnWasAccepted_RetryJoinsIt(bool stream, bool otherGateway)
    {
        var held = cluster.Script.Hold(_session);
        (await cluster.Caller().SayAsync(_session, "before")).Ok();
        // That the model is asked shows that the turn was accepted.
        var retried = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var proxy = new CuttingProxy(
            i =>
            {
                if (i == 1) retried.TrySetResult();
                return i == 0 ? held.Held : null;
            },
            Gateway(0),
            Gateway(otherGateway ? 1 : 0));
        var turn = Caller.Turn(_session, $"Tell {_session}");
        if (stream) turn["stream"] = true;
        using var call = await NodeCall.StartAsync(proxy.Url, "responses.create", turn);
        // Before that the gateway may not know that nobody is there to answer.
        await retried.Task.WaitAsync(Deadline.Token);
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
        await using var proxy = new CuttingProxy(i => i == 1 ? Task.CompletedTask : null, Gateway(0));
        for (var i = 0; i < 2; i++) await NodeCall.AskAsync(proxy.Url, "responses.create", Caller.Turn(_session, $"next {_session}"));

        Assert.Equal(2, cluster.AskedAbout($"next {_session}").Count);
        Assert.Equal(4, (await cluster.Caller(1).TranscriptAsync(_session)).Count);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task SameWords_SaidAgainWhileTheFirstStillRuns_AreTwoTurns(bool stream, bool otherGateway)
    {
        var held = cluster.Script.Hold(_session);
        var turn = Caller.Turn(_session, $"Tell {_session}");
        if (stream) turn["stream"] = true;
        using var first = await NodeCall.StartAsync(Gateway(0), "responses.create", turn);
        await held.Held;
        using var second = await NodeCall.StartAsync(Gateway(otherGateway ? 1 : 0), "responses.create", turn);
        await Deadline.UntilAsync(TurnsAsync, turns => turns == 2);
        held.GoOn();
        var answers = (await Task.WhenAll(first.ToEndAsync(), second.ToEndAsync())).Select(lines => stream ? lines[^1]["response"]! : lines[^1]).ToList();

        Assert.All(answers, answer => Assert.Equal(held.Text, Items.TextOf(answer["output"]!.AsArray())));
        Assert.NotEqual((string?)answers[0]["id"], (string?)answers[1]["id"]);
        Assert.Equal(
            [$"user: Tell {_session}", $"assistant: {held.Text}", $"user: Tell {_session}", $"assistant: {held.Text}"],
            await cluster.Caller(1).TranscriptAsync(_session));
        Assert.Equal(2, cluster.AskedAbout($"Tell {_session}").Count);
    }

    private Uri Gateway(int index) => cluster.Processes.Gateways[index].HttpUrl;

    private async Task<long> TurnsAsync()
    {
        await using var command = cluster.Database.CreateCommand("select count(*) from conversations.turn where session = $1");
        command.Parameters.AddWithValue(_session);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
