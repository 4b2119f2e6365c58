using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Faults;

/// <summary>The database goes and comes while it is written to.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class PostgresTests(RunningCluster cluster) : IAsyncLifetime
{
    public Task InitializeAsync() => Task.CompletedTask;

    // The next test is not to meet what this one left behind.
    public async Task DisposeAsync()
    {
        await cluster.Processes.Postgres!.StartAsync();
        foreach (var host in cluster.Hosts()) await Deadline.UntilAsync(() => host.IsReadyAsync(), ready => ready);
    }

    [Fact]
    public async Task Turns_PostgresPaused_AreAnsweredWhenItGoesOn()
    {
        var sessions = Enumerable.Range(0, 4).Select(_ => RunningCluster.NewSession()).ToList();
        foreach (var session in sessions) (await cluster.Caller().SayAsync(session, "before")).Ok();
        var replies = sessions.Select(session => cluster.Script.Hold(session)).ToList();
        replies.ForEach(reply => reply.GoOn());
        cluster.Processes.Postgres!.Pause();
        Task<Answer>[] turns;
        try
        {
            turns = [.. sessions.Select((session, i) => cluster.Caller(i % 2).SayAsync(session, $"paused {session}"))];
            // The model is asked while the acceptance is being written: all of them hang in the database then.
            await Task.WhenAll(replies.Select(reply => reply.Held)).WaitAsync(Deadline.Length);
            Assert.All(turns, turn => Assert.False(turn.IsCompleted));
        }
        finally
        {
            cluster.Processes.Postgres!.Resume();
        }

        foreach (var turn in turns) (await turn).Ok();
        foreach (var (session, reply) in sessions.Zip(replies))
        {
            Assert.Equal(
                ["user: before", "assistant: echo: before", $"user: paused {session}", $"assistant: {reply.Text}"],
                await cluster.Caller().TranscriptAsync(session));
        }
    }

    [Fact]
    public async Task Turns_PostgresKilledUnderLoad_NothingAcknowledgedIsLostOrThereTwice()
    {
        var sessions = Enumerable.Range(0, 4).Select(_ => RunningCluster.NewSession()).ToList();
        using var load = new Load();
        var writers = sessions.Select((session, i) => load.WriteAsync(cluster.Caller(i % 2), session)).ToList();
        await load.GrowAsync(20);
        await cluster.Processes.Postgres!.KillAsync();
        await cluster.Processes.Postgres.StartAsync();
        await load.GrowAsync(20);
        await load.StopAsync();

        foreach (var (session, writer) in sessions.Zip(writers)) Assert.Equal(await writer, await SaidAsync(session));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Read_AfterPostgresWasRestarted_IsAnswered(int gateway)
    {
        var session = RunningCluster.NewSession();
        (await cluster.Caller(gateway).SayAsync(session, "before")).Ok();
        await cluster.Processes.Postgres!.KillAsync();
        await cluster.Processes.Postgres.StartAsync();

        Assert.Equal(["user: before", "assistant: echo: before"], await cluster.Caller(gateway).TranscriptAsync(session));
    }

    [Fact]
    public async Task Turn_PostgresKilledWhileItStreams_EndsCompleted()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        using var stream = await cluster.Caller().StreamAsync(session, $"Tell {session}");
        await stream.DeltasAsync(held.PiecesBefore);
        await cluster.Processes.Postgres!.KillAsync();
        held.GoOn();
        await cluster.Processes.Postgres.StartAsync();

        StreamRules.AssertCompleted(await stream.ToEndAsync(), held.Text);
        Assert.Equal($"assistant: {held.Text}", (await cluster.Caller().TranscriptAsync(session))[^1]);
    }

    // Straight from the table: a page of the dialect holds at most a hundred.
    private async Task<IReadOnlyList<string>> SaidAsync(string session)
    {
        await using var command = cluster.Database.CreateCommand(
            """
            select seq, body -> 'content' -> 0 ->> 'text' from conversations.item where tenant = 'dev' and session = $1 order by seq
            """);
        command.Parameters.AddWithValue(session);
        await using var row = await command.ExecuteReaderAsync();
        var said = new List<string>();
        for (var seq = 0; await row.ReadAsync(); seq++)
        {
            Assert.Equal(seq, row.GetInt64(0));
            if (seq % 2 == 0) said.Add(row.GetString(1));
            else Assert.Equal($"echo: {said[^1]}", row.GetString(1));
        }

        return said;
    }
}
