using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace Conversations.EndToEnd.Tests.Recovery;

/// <summary>Turns that nobody waits for: their silo dies, and no call of a client brings them back.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class BackgroundTurnsTests(RunningCluster cluster, ITestOutputHelper output)
{
    private const int Turns = 200;

    [Fact]
    public async Task BackgroundTurns_SiloKilled_AllEndWithoutAnyCall()
    {
        var prefix = $"bg{Guid.NewGuid():N}";
        var held = cluster.Script.Hold(prefix);
        await Parallel.ForEachAsync(Enumerable.Range(0, Turns), new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
        {
            var answer = await cluster.Caller(i % 2).PostAsync("responses", new JsonObject
            {
                ["conversation"] = $"{prefix}-{i}",
                ["input"] = $"Tell {prefix}",
                ["background"] = true,
            });
            answer.Ok();
        });
        var host = await cluster.HostOfAsync($"{prefix}-0");
        var hosted = await CountAsync(prefix, $"s.silo = '{host.Name}'");
        var killed = TimeProvider.System.GetUtcNow();
        await host.KillAsync();
        held.GoOn();
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(2));
            using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
            while (await CountAsync(prefix, "t.status >= 2") < Turns) await look.WaitForNextTickAsync(patience.Token);

            Assert.Equal(Turns, await CountAsync(prefix, "t.status = 2"));
            Assert.Equal(2 * Turns, await CountAsync(prefix, "true", "join conversations.item i using (tenant, session)"));
            var resumed = await ResumedAsync(prefix, killed);
            Assert.True(resumed.Count >= 1, "The killed silo ran none of them.");
            output.WriteLine(
                $"{hosted} of {Turns} turns were on the killed silo; from kill to resumed: p50 {resumed[resumed.Count / 2].TotalSeconds:0.00} s, "
                + $"p99 {resumed[(resumed.Count - 1) * 99 / 100].TotalSeconds:0.00} s, last {resumed[^1].TotalSeconds:0.00} s");
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }

    private async Task<int> CountAsync(string prefix, string where, string join = "")
    {
        await using var command = cluster.Database.CreateCommand(
            $"select count(*)::int from conversations.turn t join conversations.session s using (tenant, session) {join} where t.session like $1 and {where}");
        command.Parameters.AddWithValue(prefix + "-%");
        return (int)(await command.ExecuteScalarAsync())!;
    }

    private async Task<List<TimeSpan>> ResumedAsync(string prefix, DateTimeOffset killed)
    {
        await using var command = cluster.Database.CreateCommand(
            "select (t.progress -> 'attempts' -> 1 ->> 'started_at')::timestamptz from conversations.turn t where t.session like $1 and t.attempt > 0");
        command.Parameters.AddWithValue(prefix + "-%");
        await using var row = await command.ExecuteReaderAsync();
        var times = new List<TimeSpan>();
        while (await row.ReadAsync()) times.Add(row.GetFieldValue<DateTimeOffset>(0) - killed);
        times.Sort();
        return times;
    }
}
