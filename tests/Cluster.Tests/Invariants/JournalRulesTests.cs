using System.Collections.Immutable;
using Conversations.Sessions;
using Conversations.Testing.Invariants;
using Npgsql;

namespace Conversations.Cluster.Tests.Invariants;

/// <summary>The checker of the crash tests sees what it is there to see.</summary>
[Collection("cluster")]
public sealed class JournalRulesTests(SessionCluster cluster)
{
    private const string Call = """{"type":"function_call","call_id":"c","name":"ring","arguments":"{}"}""";
    private const string Output = """{"type":"function_call_output","call_id":"c","output":"it rang"}""";

    [Fact]
    public async Task Broken_WholeSession_IsNothing() => Assert.Empty(await BrokenAsync(await TwoTurnsAsync()));

    [Fact]
    public async Task Broken_WholeFork_IsNothing()
    {
        var parent = await TwoTurnsAsync();
        SessionKey.TryCreate(parent.Tenant, "fork", out var fork);
        await cluster.Session(fork).ForkAsync(new ForkFrom { Session = parent.Id }, ImmutableSortedDictionary<string, string>.Empty);
        await cluster.TurnAsync(fork, "three");

        Assert.Empty(await JournalRules.BrokenAsync(cluster.Database, fork.Tenant, fork.Id, "one", "two", "three"));
    }

    [Theory]
    [InlineData("delete from conversations.item where tenant = $1 and seq = 3", "I3")]
    [InlineData("delete from conversations.item where tenant = $1 and seq = 2", "I1")]
    [InlineData("update conversations.item set seq = 9 where tenant = $1 and seq = 1", "I3")]
    [InlineData("update conversations.turn set status = 1 where tenant = $1 and ord = 1", "I8")]
    [InlineData("update conversations.session set turn_count = 3 where tenant = $1", "I2")]
    [InlineData($"update conversations.item set body = '{Call}' where tenant = $1 and seq = 1", "I9")]
    [InlineData($"update conversations.item set body = '{Output}' where tenant = $1 and seq = 1", "I9")]
    public async Task Broken_AfterARowWasTamperedWith_NamesTheInvariant(string sql, string invariant)
    {
        var key = await TwoTurnsAsync();
        await using var owner = NpgsqlDataSource.Create(cluster.Postgres.Owner);
        Assert.Equal(1, await ExecuteAsync(owner, sql, key));
        try
        {
            Assert.Contains(await BrokenAsync(key), broken => broken.Contains(invariant, StringComparison.Ordinal));
        }
        finally
        {
            // Recovery would take up what seems unfinished.
            await ExecuteAsync(owner, "delete from conversations.turn where tenant = $1", key);
        }
    }

    private static async Task<int> ExecuteAsync(NpgsqlDataSource owner, string sql, SessionKey key)
    {
        await using var command = owner.CreateCommand(sql);
        command.Parameters.AddWithValue(key.Tenant);
        return await command.ExecuteNonQueryAsync();
    }

    private Task<IReadOnlyList<string>> BrokenAsync(SessionKey key) => JournalRules.BrokenAsync(cluster.Database, key.Tenant, key.Id, "one", "two");

    private async Task<SessionKey> TwoTurnsAsync()
    {
        var key = cluster.NewKey();
        await cluster.TurnAsync(key, "one");
        await cluster.TurnAsync(key, "two");
        return key;
    }
}
