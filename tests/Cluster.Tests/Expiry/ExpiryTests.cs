using System.Collections.Immutable;
using Conversations.Grains.Expiry;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.DependencyInjection;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Expiry;

[Collection("cluster")]
public sealed class ExpiryTests(SessionCluster cluster)
{
    [Fact]
    public async Task Sweep_SessionNobodyNamed_IsErasedWhenItWasNotUsedForLong()
    {
        var old = await UnnamedAsync("31 days");
        var young = await UnnamedAsync("29 days");
        var used = await UnnamedAsync("31 days");
        await TurnAsync(used, Unnamed("again"));
        var named = cluster.NewKey();
        await cluster.TurnAsync(named, "one");
        await AgeAsync(cluster, named, "31 days");
        await SweepAsync();

        Assert.Null(await cluster.Journal.FindSessionAsync(old, default));
        foreach (var kept in (SessionKey[])[young, used, named]) Assert.NotNull(await cluster.Journal.FindSessionAsync(kept, default));
    }

    [Fact]
    public async Task Sweep_SessionThatWasForked_LeavesTheForkItsPrefix()
    {
        var parent = await UnnamedAsync("31 days");
        var fork = Beside(parent, "fork");
        await cluster.Session(fork).ForkAsync(new ForkFrom { Session = parent.Id }, ImmutableSortedDictionary<string, string>.Empty);
        await SweepAsync();
        await cluster.TurnAsync(fork, "two");

        Assert.Null(await cluster.Journal.FindSessionAsync(parent, default));
        Assert.Equal(["user: one", "assistant: echo: one", "user: two"], cluster.Model.Requests[^1].Messages);
    }

    [Fact]
    public async Task Sweep_BusySession_LeavesIt()
    {
        var key = cluster.NewKey();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Model.Reply((r, stop) => r.LastUser == "one" ? Held(held.Task, stop) : Testing.ScriptedModel.Words("ok"));
        try
        {
            var request = Unnamed("one");
            await cluster.Session(key).SubmitAsync(request);
            await AgeAsync(cluster, key, "31 days");
            await SweepAsync();
            held.SetResult();

            Assert.Equal(TurnStatus.Completed, ((TurnEnded)(await cluster.EventsAsync(key, request.Id))[^1]).Turn.Status);
            Assert.Equal(["user: one", "assistant: Well."], await cluster.TranscriptAsync(key));
        }
        finally
        {
            cluster.Model.Reply(r => $"echo: {r.LastUser}");
        }
    }

    // Between the look and the deed somebody came back.
    [Fact]
    public async Task Expire_SessionUsedMeanwhile_LeavesIt()
    {
        var key = await UnnamedAsync("31 days");
        var found = (await Expired.FindAsync(0, SessionLifetime.Unnamed, TimeSpan.FromDays(30), 1_000, default)).Single(s => s.Key == key);
        await TurnAsync(key, Unnamed("again"));

        Assert.False(await cluster.Session(key).ExpireAsync(found.Version));
        Assert.Equal(4, (await cluster.TranscriptAsync(key)).Count);
    }

    [Fact]
    public async Task Sweep_Tombstones_GoAfterADayAndTheNextLifeBeginsAnew()
    {
        var (old, young) = (cluster.NewKey(), cluster.NewKey());
        foreach (var key in (SessionKey[])[old, young])
        {
            await cluster.TurnAsync(key, "one");
            await cluster.Session(key).DeleteAsync();
        }

        await ExecuteAsync(cluster, "update conversations.session set deleted_at = now() - interval '25 hours' where tenant = $1 and session = $2", old);
        await SweepAsync();

        Assert.Equal(0, await CountAsync(old));
        Assert.Equal(1, await CountAsync(young));
        await cluster.TurnAsync(old, "two");
        Assert.Equal(["user: two", "assistant: echo: two"], await cluster.TranscriptAsync(old));
    }

    // Nothing that grows is read to find them.
    [Theory]
    [InlineData("session_by_lifetime", "select from conversations.session s where s.deleted_at is null and s.data ->> 'lifetime' = 'unnamed' and s.created_at < now()")]
    [InlineData("session_tombstone", "select from conversations.session h where h.deleted_at < now() and strpos(h.session, '/') = 0")]
    public async Task Sweep_Look_IsThroughAnIndex(string index, string look)
    {
        await using var connection = await cluster.Database.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = $"set enable_seqscan = off; explain {look}";
        var plan = "";
        await using var row = await command.ExecuteReaderAsync();
        while (await row.ReadAsync()) plan += row.GetString(0) + "\n";

        Assert.Contains(index, plan, StringComparison.Ordinal);
    }

    /// <summary>Makes a session as old as that, and as long unused.</summary>
    internal static Task AgeAsync(SessionCluster cluster, SessionKey key, string age) => ExecuteAsync(
        cluster, $"update conversations.session set created_at = now() - interval '{age}', updated_at = now() - interval '{age}' where tenant = $1 and session = $2", key);

    private IExpiredSessions Expired => cluster.Cluster.Silos[0].ServiceProvider.GetRequiredService<IExpiredSessions>();

    private static TurnRequest Unnamed(string text) => Say(text) with { Lifetime = SessionLifetime.Unnamed };

    private Task SweepAsync() => cluster.Cluster.Client.GetGrain<IExpiryGrain>(0).SweepAsync();

    private async Task<SessionKey> UnnamedAsync(string age)
    {
        var key = cluster.NewKey();
        await TurnAsync(key, Unnamed("one"));
        await AgeAsync(cluster, key, age);
        return key;
    }

    private async Task TurnAsync(SessionKey key, TurnRequest request)
    {
        await cluster.Session(key).SubmitAsync(request);
        await cluster.EventsAsync(key, request.Id);
    }

    private static async IAsyncEnumerable<string> Held(Task held, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        await held.WaitAsync(stop);
        yield return "Well.";
    }

    private static async Task ExecuteAsync(SessionCluster cluster, string sql, SessionKey key)
    {
        await using var command = cluster.Database.CreateCommand(sql);
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    private async Task<long> CountAsync(SessionKey key)
    {
        await using var command = cluster.Database.CreateCommand("select count(*) from conversations.session where tenant = $1 and session = $2");
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
