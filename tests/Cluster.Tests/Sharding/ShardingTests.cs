using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Conversations.Cluster.Tests.Costs;
using Conversations.Cluster.Tests.Storage;
using Conversations.Grains.Expiry;
using Conversations.Grains.Recovery;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Sharding;

[Collection(ShardedGroup.Name)]
public sealed class ShardingTests(ShardedCluster cluster) : IDisposable
{
    private static readonly ImmutableSortedDictionary<string, string> Nothing = ImmutableSortedDictionary<string, string>.Empty;

    public void Dispose() => cluster.Model.Reply(r => $"echo: {r.LastUser}");

    [Fact]
    public async Task Sessions_OfManyNames_AreEachInTheDatabaseOfItsNameAndNowhereElse()
    {
        var tenant = cluster.NewKey();
        var keys = Enumerable.Range(0, 24).Select(i => Beside(tenant, $"user-{i}{{}}")).ToList();
        await Task.WhenAll(keys.Select(key => cluster.TurnAsync(key, $"I am {key.Id}")));
        foreach (var key in keys)
        {
            await cluster.Cluster.DeactivateAsync(cluster.Session(key));
            Assert.Equal($"echo: again {key.Id}", TextOf(await cluster.TurnAsync(key, $"again {key.Id}")));
            Assert.Equal(4, (await cluster.Journal.ListItemsAsync(key, null, newestFirst: true, 100, default))!.Items.Length);
            Assert.NotNull(await Events.FindEndAsync(key, default));
        }

        for (var database = 0; database < 2; database++)
        {
            var expected = keys.Where(key => cluster.Sessions.Map.IndexOf(key) == database).Select(key => key.Id).Order(StringComparer.Ordinal);
            Assert.NotEmpty(expected);
            Assert.Equal(expected, await cluster.QueryAsync(database, "select session from conversations.session where tenant = $1 order by session", tenant.Tenant));
            // The server's own reckoning is the same.
            Assert.Equal(expected, await cluster.QueryAsync(
                database, "select session from conversations.session, conversations.shard where tenant = $1 and conversations.shard_of(tenant, session, count) = number order by session", tenant.Tenant));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Turn_OfAWarmSession_IsTwoStatementsInItsDatabase(int database)
    {
        var key = cluster.KeyIn(database, cluster.NewKey(), "warm");
        await cluster.TurnAsync(key, "warm up");
        using var statements = new CountedStatements(cluster.Postgres.Server.Port);
        for (var i = 0; i < 10; i++) await cluster.TurnAsync(key, $"turn {i}");

        Assert.Equal(20, statements.Sent.Count(text => text.Contains("write_session", StringComparison.Ordinal)));
        Assert.DoesNotContain(statements.Sent, text => text.Contains("read_session", StringComparison.Ordinal) || text.Contains("conversations.item", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_OverBothDatabases_IsOneOrderWhateverThePage(bool newestFirst)
    {
        var tenant = cluster.NewKey();
        var ids = Enumerable.Range(0, 12).Select(i => $"user-{i}").ToList();
        foreach (var id in ids) await cluster.Session(Beside(tenant, id)).CreateOrGetAsync(Metadata("kind", id is "user-3" or "user-8" ? "odd" : "even"));
        // Three ages for all: within one, the name decides.
        for (var database = 0; database < 2; database++)
        {
            await cluster.QueryAsync(
                database, "update conversations.session set created_at = '2026-01-01'::timestamptz + mod(length(session) + ascii(right(session, 1)), 3) * interval '1 microsecond' where tenant = $1", tenant.Tenant);
        }

        var expected = ids.OrderBy(id => (id.Length + id[^1]) % 3).ThenBy(id => id, StringComparer.Ordinal).ToList();
        if (newestFirst) expected.Reverse();
        foreach (var limit in (int[])[1, 5, 12, 100])
        {
            var (listed, after, pages) = (new List<string>(), null as string, 0);
            for (var hasMore = true; hasMore; pages++)
            {
                var page = await cluster.Journal.ListSessionsAsync(tenant.Tenant, after, newestFirst, limit, Nothing, default);
                listed.AddRange(page.Sessions.Select(s => s.Id));
                (after, hasMore) = (listed[^1], page.HasMore);
            }

            Assert.Equal(expected, listed);
            Assert.Equal((12 + limit - 1) / limit, pages);
        }

        var odd = await cluster.Journal.ListSessionsAsync(tenant.Tenant, null, newestFirst, 100, Metadata("kind", "odd"), default);
        Assert.Equal(expected.Where(id => id is "user-3" or "user-8"), odd.Sessions.Select(s => s.Id));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Fork_IntoTheParentsDatabase_GoesOnAndOutlivesIt(int database)
    {
        var tenant = cluster.NewKey();
        var (parent, fork, third) = (cluster.KeyIn(database, tenant, "parent"), cluster.KeyIn(database, tenant, "fork"), cluster.KeyIn(database, tenant, "third"));
        await cluster.TurnAsync(parent, "one");
        await cluster.Session(fork).ForkAsync(new ForkFrom { Session = parent.Id }, Nothing);
        await cluster.TurnAsync(fork, "two");
        await cluster.Session(parent).DeleteAsync();
        await cluster.Session(third).ForkAsync(new ForkFrom { Session = fork.Id }, Nothing);
        await cluster.Cluster.DeactivateAsync(cluster.Session(fork));
        await cluster.TurnAsync(fork, "three");
        Assert.Equal(["user: one", "assistant: echo: one", "user: two", "assistant: echo: two", "user: three"], cluster.Model.Requests[^1].Messages);

        var item = (await cluster.Journal.ListItemsAsync(fork, null, newestFirst: false, 1, default))!.Items[0];
        await cluster.Session(fork).EraseItemAsync(item.Id);
        await cluster.TurnAsync(third, "other three");
        Assert.Equal(["user: two", "assistant: echo: two", "user: other three"], cluster.Model.Requests[^1].Messages.TakeLast(3));
        Assert.DoesNotContain("user: one", cluster.Model.Requests[^1].Messages);
        // What is kept of the parent, too, is where it was.
        Assert.Equal(["0"], await cluster.QueryAsync(
            database, "select count(*) from conversations.session, conversations.shard where tenant = $1 and conversations.shard_of(tenant, session, count) <> number", tenant.Tenant));
    }

    [Fact]
    public async Task Fork_UnderANameOfTheOtherDatabase_IsRefusedAndSaysWhatToDo()
    {
        var tenant = cluster.NewKey();
        var (parent, elsewhere) = (cluster.KeyIn(0, tenant, "parent"), cluster.KeyIn(1, tenant, "fork"));
        await cluster.TurnAsync(parent, "one");
        var from = new ForkFrom { Session = parent.Id };
        var fork = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(elsewhere).ForkAsync(from, Nothing));
        var turn = await Assert.ThrowsAsync<RefusalException>(() => cluster.Session(elsewhere).SubmitAsync(Say("two") with { From = from }));

        foreach (var refusal in (RefusalException[])[fork, turn])
        {
            Assert.Equal((RefusalCode.Invalid, "id"), (refusal.Code, refusal.Parameter));
            Assert.Contains("leave the id out", refusal.Message, StringComparison.Ordinal);
        }

        Assert.Null(await cluster.Journal.FindSessionAsync(elsewhere, default));
    }

    [Fact]
    public async Task Sweep_OfEachDatabase_ErasesWhatHadItsTimeThere()
    {
        var tenant = cluster.NewKey();
        var keys = Enumerable.Range(0, 2).Select(database => cluster.KeyIn(database, tenant, "old")).ToList();
        foreach (var (database, key) in keys.Index())
        {
            var request = Say("one") with { Lifetime = SessionLifetime.Unnamed };
            await cluster.Session(key).SubmitAsync(request);
            await cluster.EventsAsync(key, request.Id);
            await cluster.QueryAsync(
                database, "update conversations.session set created_at = now() - interval '31 days', updated_at = now() - interval '31 days' where tenant = $1 and session = $2", key.Tenant, key.Id);
        }

        await cluster.Cluster.Client.GetGrain<IExpiryGrain>(1).SweepAsync();
        Assert.NotNull(await cluster.Journal.FindSessionAsync(keys[0], default));
        Assert.Null(await cluster.Journal.FindSessionAsync(keys[1], default));
        await cluster.Cluster.Client.GetGrain<IExpiryGrain>(0).SweepAsync();
        Assert.Null(await cluster.Journal.FindSessionAsync(keys[0], default));
    }

    [Fact]
    public async Task Orphans_OfEachDatabase_AreItsOwnWhoseSiloIsNoMember()
    {
        var tenant = cluster.NewKey();
        var keys = Enumerable.Range(0, 2).Select(database => cluster.KeyIn(database, tenant, "held")).ToList();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Model.Reply((_, stop) => Held(held.Task, stop));
        var turns = new List<Turn>();
        foreach (var key in keys) turns.Add((await cluster.Session(key).SubmitAsync(Say("wait"))).Turn);

        // The silos of this test are members of no cluster in a table, until one is written there: in the first database alone.
        for (var database = 0; database < 2; database++) Assert.Equal([keys[database]], await OrphansAsync(database));
        await cluster.QueryAsync(0, "insert into orleans.cluster_version (cluster_id) values ('made up')");
        foreach (var (database, key) in keys.Index())
        {
            var address = Assert.Single(await cluster.QueryAsync(database, "select silo_address from conversations.session where tenant = $1 and session = $2", key.Tenant, key.Id));
            var (host, port, generation) = (address[..address.IndexOf(':', StringComparison.Ordinal)], address[(address.IndexOf(':', StringComparison.Ordinal) + 1)..address.IndexOf('@', StringComparison.Ordinal)], address[(address.IndexOf('@', StringComparison.Ordinal) + 1)..]);
            await cluster.QueryAsync(
                0,
                $"insert into orleans.cluster_member (cluster_id, address, port, generation, silo_name, host_name, status, start_time, i_am_alive) values ('made up', '{host}', {port}, {generation}, 's', 'h', 3, now(), now()) on conflict do nothing");
        }

        for (var database = 0; database < 2; database++) Assert.Empty(await OrphansAsync(database));
        held.SetResult();
        foreach (var (key, turn) in keys.Zip(turns)) Assert.Equal(TurnStatus.Completed, ((TurnEnded)(await cluster.EventsAsync(key, turn.Id))[^1]).Turn.Status);

        async Task<IReadOnlyList<SessionKey>> OrphansAsync(int database) =>
            [.. (await Service<IOrphanedSessions>().FindAsync(database, "made up", 100, default)).Where(key => key.Tenant == tenant.Tenant)];
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Turn_NobodyWaitsFor_IsEndedByTheRecoveryOfItsDatabase(int database)
    {
        var key = cluster.KeyIn(database, cluster.NewKey(), "lost");
        FaultyStorage.Fail(key.ToString(), 1, after: false);
        var request = Say("x");
        await cluster.SubmitPatientlyAsync(key, request);
        while (await cluster.Journal.FindTurnAsync(key, request.Id, default) is not { Turn.Status: TurnStatus.Completed })
        {
            await cluster.Cluster.Client.GetGrain<IRecoveryGrain>(database).ScanAsync();
        }
    }

    [Fact]
    public async Task Database_Away_HoldsUpItsOwnSessionsAlone()
    {
        var tenant = cluster.NewKey();
        var (here, away) = (cluster.KeyIn(0, tenant, "here"), cluster.KeyIn(1, tenant, "away"));
        foreach (var key in (SessionKey[])[here, away]) await cluster.TurnAsync(key, "one");
        await cluster.WithoutAsync(1, async () =>
        {
            Assert.Equal("echo: two", TextOf(await cluster.TurnAsync(here, "two")));
            await Assert.ThrowsAsync<RetryException>(() => cluster.Session(away).SubmitAsync(Say("two")));
            await cluster.Cluster.Client.GetGrain<IRecoveryGrain>(0).ScanAsync();
            await Assert.ThrowsAnyAsync<Exception>(() => cluster.Cluster.Client.GetGrain<IRecoveryGrain>(1).ScanAsync());
            // A list that lacks what it cannot see would be a lie.
            await Assert.ThrowsAnyAsync<NpgsqlException>(() => cluster.Journal.ListSessionsAsync(tenant.Tenant, null, true, 10, Nothing, default));
        });

        await cluster.SubmitPatientlyAsync(away, Say("two"));
        Assert.Equal(2, (await cluster.Journal.ListSessionsAsync(tenant.Tenant, null, true, 10, Nothing, default)).Sessions.Length);
    }

    private ISessionEventReader Events => Service<ISessionEventReader>();

    private T Service<T>()
        where T : notnull => cluster.Cluster.Silos[0].ServiceProvider.GetRequiredService<T>();

    private static async IAsyncEnumerable<string> Held(Task held, [EnumeratorCancellation] CancellationToken stop)
    {
        await held.WaitAsync(stop);
        yield return "Well.";
    }
}
