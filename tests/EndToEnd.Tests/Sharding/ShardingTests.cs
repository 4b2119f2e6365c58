using System.Net;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Start;
using Npgsql;

namespace Conversations.EndToEnd.Tests.Sharding;

/// <summary>Sessions spread over two databases, as callers and operators see them.</summary>
public sealed class ShardingTests(ShardedCluster cluster) : IClassFixture<ShardedCluster>
{
    private const int Sessions = 40;

    private readonly string _said = RunningCluster.NewSession();

    [Fact]
    public async Task SiloKilled_TurnsOfBothDatabases_AllEndWithoutAnyCall()
    {
        var held = cluster.Script.Hold(_said);
        await Parallel.ForEachAsync(Enumerable.Range(0, Sessions), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            var body = new JsonObject { ["conversation"] = $"{_said}-{i}", ["input"] = $"Tell {_said}", ["background"] = true };
            (await cluster.Caller().PostAsync("responses", body)).Ok();
        });
        var host = await cluster.HostOfAsync($"{_said}-0");
        var lost = await cluster.CountsAsync($"select count(*)::int from conversations.session s where s.session like $1 and s.silo = '{host.Name}'", _said);
        Assert.All(lost, count => Assert.True(count > 0, "One database had nothing on that silo."));
        await host.KillAsync();
        held.GoOn();
        try
        {
            await Deadline.UntilAsync(() => CountAsync(">= 2"), count => count == Sessions);

            Assert.Equal(Sessions, await CountAsync("= 2"));
            Assert.Equal(2 * Sessions, await cluster.CountAsync("select count(*)::int from conversations.item i where i.session like $1", _said));
        }
        finally
        {
            await RunningCluster.ReviveAsync(host);
        }
    }

    [Fact]
    public async Task Conversations_OfBothDatabases_AreListedPageByPageAndDeleted()
    {
        var made = new List<string>();
        for (var i = 0; i < 9; i++)
        {
            made.Add((await cluster.Caller().PostAsync("conversations", new JsonObject { ["id"] = $"{_said}-{i}", ["metadata"] = new JsonObject { ["of"] = _said } })).Ok().Id);
        }

        Assert.Equal(made, await ListAsync("asc"));
        Assert.Equal(Enumerable.Reverse(made), await ListAsync("desc"));
        foreach (var id in made) (await cluster.Caller().DeleteAsync($"conversations/{id}")).Ok();
        Assert.Empty(await ListAsync("asc"));
    }

    [Fact]
    public async Task Fork_OfAnyConversation_HasANameThatTheServerFindsOrIsRefused()
    {
        for (var i = 0; i < 6; i++)
        {
            var parent = $"{_said}-{i}";
            (await cluster.Caller().SayAsync(parent, "one")).Ok();
            var key = ("Idempotency-Key", $"key-{parent}");
            var fork = (await cluster.Caller().PostAsync($"conversations/{parent}/fork", null, key)).Ok();
            Assert.Equal(fork.Id, (await cluster.Caller().PostAsync($"conversations/{parent}/fork", null, key)).Ok().Id);
            (await cluster.Caller().SayAsync(fork.Id, "two")).Ok();
            (await cluster.Caller().PostAsync($"conversations/{parent}/fork", null)).Ok();
            Assert.Equal(["user: one", "assistant: echo: one", "user: two", "assistant: echo: two"], await cluster.Caller().TranscriptAsync(fork.Id));

            var chosen = await cluster.Caller().PostAsync($"conversations/{parent}/fork", new JsonObject { ["id"] = $"{_said}-mine-{i}" });
            // Chance decides: the names are drawn anew in each run.
            if (chosen.Status == HttpStatusCode.OK) continue;
            Assert.Equal((HttpStatusCode.BadRequest, "id"), (chosen.Status, (string?)chosen.Body["error"]!["param"]));
            Assert.Contains("leave the id out", (string?)chosen.Body["error"]!["message"], StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PreviousResponse_ThatIsNotTheNewest_BranchesInItsDatabase()
    {
        for (var i = 0; i < 6; i++)
        {
            var first = (await cluster.Caller().SayAsync($"{_said}-{i}", $"first {i}")).Ok();
            var body = new JsonObject { ["input"] = $"branch {i} {_said}", ["previous_response_id"] = first.Id };
            var key = ("Idempotency-Key", $"key-{_said}-{i}");
            var branch = (await cluster.Caller().PostAsync("responses", body.DeepClone().AsObject(), key)).Ok();
            var again = (await cluster.Caller().PostAsync("responses", body, key)).Ok();

            Assert.Equal(branch.Id, again.Id);
            Assert.Equal([$"user: first {i}", $"assistant: echo: first {i}", $"user: branch {i} {_said}"], Assert.Single(cluster.AskedAbout($"branch {i} {_said}")).Messages);
            Assert.Equal(branch.OutputText, (await cluster.Caller().GetAsync($"responses/{branch.Id}")).Ok().OutputText);
        }
    }

    [Fact]
    public async Task Items_OfBothDatabases_AreReferredToTogether()
    {
        const string counting = "select count(*)::int from conversations.session s where s.session like $1";
        var (references, sessions) = (new JsonArray(), 0);
        // Chance decides where each is.
        for (; (await cluster.CountsAsync(counting, _said)).Contains(0); sessions++)
        {
            (await cluster.Caller().SayAsync($"{_said}-{sessions}", $"said {sessions}")).Ok();
            var items = (await cluster.Caller().GetAsync($"conversations/{_said}-{sessions}/items?order=asc")).Ok().Body["data"]!.AsArray();
            foreach (var item in items) references.Add(new JsonObject { ["type"] = "item_reference", ["id"] = (string)item!["id"]! });
        }

        references.Add(new JsonObject { ["role"] = "user", ["content"] = $"all of {_said}" });
        (await cluster.Caller().PostAsync("responses", new JsonObject { ["input"] = references })).Ok();

        Assert.Equal(
            [.. Enumerable.Range(0, sessions).SelectMany(i => (string[])[$"user: said {i}", $"assistant: echo: said {i}"]), $"user: all of {_said}"],
            Assert.Single(cluster.AskedAbout($"all of {_said}")).Messages);
    }

    [Fact]
    public async Task SecondDatabase_Away_LeavesTheGatewayReadyForTheRest()
    {
        await using var administration = NpgsqlDataSource.Create(cluster.Processes.Postgres!.SuperuserConnectionString + ";Pooling=false");
        await ExecuteAsync("alter database conversations_2 with allow_connections false");
        try
        {
            await ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = 'conversations_2'");
            Assert.Equal("Degraded", await ReadyAsync());
        }
        finally
        {
            await ExecuteAsync("alter database conversations_2 with allow_connections true");
        }

        Assert.Equal("Healthy", await ReadyAsync());

        async Task<string> ReadyAsync()
        {
            using var http = new HttpClient();
            return await http.GetStringAsync(new Uri(cluster.Processes.Gateways[0].HttpUrl, "/health/ready"));
        }

        async Task ExecuteAsync(string sql)
        {
            await using var command = administration.CreateCommand(sql);
            await command.ExecuteNonQueryAsync();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Host_DatabasesInAnotherOrder_SaysWhatToDo(bool silo)
    {
        var (first, second) = (cluster.Processes.ConnectionStrings[0], cluster.Processes.ConnectionStrings[1]);
        (string, string)[] swapped = [("ConnectionStrings__Conversations__0", second), ("ConnectionStrings__Conversations__1", first)];
        var swappedRun = silo ? await HostRun.SiloAsync("", swapped) : await HostRun.GatewayAsync("", swapped);
        var oneRun = silo ? await HostRun.SiloAsync(first) : await HostRun.GatewayAsync(first);

        swappedRun.AssertRefused("was set up as number 2 of 2 and is listed as number 1 of 2: list in ConnectionStrings:Conversations all databases");
        oneRun.AssertRefused("was set up as number 1 of 2 and is listed as number 1 of 1");
    }

    private Task<int> CountAsync(string status) =>
        cluster.CountAsync($"select count(*)::int from conversations.turn t where t.session like $1 and t.status {status}", _said);

    private async Task<IReadOnlyList<string>> ListAsync(string order)
    {
        var listed = new List<string>();
        for (var after = ""; ;)
        {
            var page = (await cluster.Caller().GetAsync($"conversations?limit=2&order={order}&metadata[of]={_said}{after}")).Ok().Body;
            listed.AddRange(page["data"]!.AsArray().Select(c => (string)c!["id"]!));
            if (!(bool)page["has_more"]!) return listed;
            after = $"&after={listed[^1]}";
        }
    }
}
