using Conversations.Grains.Sessions;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Orleans.Storage;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Storage;

/// <summary>The stock provider over our SQL, without a grain: what the design rests on.</summary>
[Collection("cluster")]
public sealed partial class SessionStorageTests(SessionCluster cluster)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private IGrainStorage Storage => cluster.Cluster.Silos[0].ServiceProvider.GetRequiredKeyedService<IGrainStorage>(SessionGrain.StorageName);

    [Fact]
    public async Task Write_ThenRead_GivesTheSameState()
    {
        var key = cluster.NewKey();
        var writer = await LoadAsync(key);
        await TurnAsync(writer, "hello", "hi");
        var reader = await LoadAsync(key);

        Assert.True(reader.State.Exists);
        Assert.Equal(writer.State.CreatedAt, reader.State.CreatedAt);
        Assert.Equal(writer.State.NewestTurn, reader.State.NewestTurn);
        Assert.Equal(2, reader.State.ItemCount);
        Assert.Equal(1, reader.State.TurnCount);
        Assert.Equal(writer.State.Window.Select(Text), reader.State.Window.Select(Text));
        Assert.Empty(reader.State.Unfinished);
        Assert.Equal(writer.Row.ETag, reader.Row.ETag);
    }

    [Fact]
    public async Task Read_UnfinishedTurns_ComeBackInOrderWithTheirInput()
    {
        var key = cluster.NewKey();
        var writer = await LoadAsync(key);
        writer.State.Create(Now);
        for (var i = 0; i < 3; i++) writer.State.Enqueue(Say($"q{i}"), new TurnOptions { Agent = "scripted", Instructions = "be kind" }, Now);
        writer.State.StartNext(Now);
        await FlushAsync(writer);
        var reader = await LoadAsync(key);

        Assert.Equal(writer.State.Unfinished.Select(t => t.Id), reader.State.Unfinished.Select(t => t.Id));
        Assert.Equal([TurnStatus.InProgress, TurnStatus.Queued, TurnStatus.Queued], reader.State.Unfinished.Select(t => t.Turn.Status));
        Assert.Equal([0, 1, 1], reader.State.Unfinished.Select(t => t.Input.Length));
        Assert.Equal("be kind", reader.State.Unfinished[2].Turn.Options.Instructions);
        Assert.Equal(Now, reader.State.Unfinished[2].Turn.CreatedAt);
        Assert.Equal(writer.State.Unfinished[1].Turn.Fingerprint.ToArray(), reader.State.Unfinished[1].Turn.Fingerprint.ToArray());
    }

    [Fact]
    public async Task Write_ByASecondWriter_IsFencedAndNothingOfItIsStored()
    {
        var key = cluster.NewKey();
        await TurnAsync(await LoadAsync(key), "base", "ok");
        var (one, two) = (await LoadAsync(key), await LoadAsync(key));
        await TurnAsync(one, "first", "1");
        await Assert.ThrowsAsync<InconsistentStateException>(() => TurnAsync(two, "second", "2"));

        Assert.Equal(["user: base", "assistant: ok", "user: first", "assistant: 1"], await cluster.TranscriptAsync(key));
        Assert.Equal(2, await CountAsync("turn", key));
    }

    [Fact]
    public async Task FirstWrite_RacedByEight_LetsOneIn()
    {
        var key = cluster.NewKey();
        var writers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => LoadAsync(key)));
        var outcomes = await Task.WhenAll(writers.Select(async (w, i) =>
        {
            try
            {
                await TurnAsync(w, $"w{i}", "ok");
                return true;
            }
            catch (InconsistentStateException)
            {
                return false;
            }
        }));

        Assert.Single(outcomes, ok => ok);
        Assert.Equal(1, await CountAsync("session", key));
        Assert.Equal(2, await CountAsync("item", key));
    }

    [Fact]
    public async Task Write_ByAWriterOfTheEarlierLife_IsFenced()
    {
        var key = cluster.NewKey();
        await TurnAsync(await LoadAsync(key), "old", "1");
        var paused = await LoadAsync(key);
        var current = await LoadAsync(key);
        await Storage.ClearStateAsync(SessionGrain.StateName, Grain(key), current.Row);
        Assert.Equal(0, await CountAsync("item", key) + await CountAsync("turn", key));

        var reborn = await LoadAsync(key);
        Assert.False(reborn.State.Exists);
        await TurnAsync(reborn, "new", "2");
        await Assert.ThrowsAsync<InconsistentStateException>(() => TurnAsync(paused, "zombie", "3"));
        Assert.Equal(["user: new", "assistant: 2"], await cluster.TranscriptAsync(key));
    }

    [Fact]
    public async Task Turn_WrittenTwiceUnderOneId_HitsThePrimaryKey()
    {
        var key = cluster.NewKey();
        var writer = await LoadAsync(key);
        var request = Say("x");
        await TurnAsync(writer, request, "1");
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => TurnAsync(writer, request, "2"));
        Assert.Equal(PostgresErrorCodes.UniqueViolation, (fault as PostgresException ?? (PostgresException)fault.InnerException!).SqlState);
        Assert.Equal(2, await CountAsync("item", key));
    }

    [Theory]
    [InlineData("abc123", "ABC123")]
    [InlineData("1", "01")]
    [InlineData("1", "0x1")]
    [InlineData("7f3c9f2e-1d5b-4b53-9a51-3b1f3f0f2c11", "7f3c9f2e1d5b4b539a513b1f3f0f2c11")]
    [InlineData("a+b", "a")]
    [InlineData("1+b", "1")]
    [InlineData("{0}", "0")]
    [InlineData("{", "}")]
    [InlineData("é", "e", false)]
    [InlineData("../x", "x", false)]
    [InlineData(".", "..", false)]
    public async Task Keys_ThatLookAlike_NeverShareARow(string one, string two, bool valid = true)
    {
        Assert.Equal(valid, SessionKey.IsValidId(one));
        if (!valid) return;
        var tenant = cluster.NewKey().Tenant;
        Assert.True(SessionKey.TryCreate(tenant, one, out var first));
        Assert.True(SessionKey.TryCreate(tenant, two, out var second));
        await TurnAsync(await LoadAsync(first), "one", "1");
        Assert.False((await LoadAsync(second)).State.Exists);
        await TurnAsync(await LoadAsync(second), "two", "2");
        Assert.Equal(["user: one", "assistant: 1"], await cluster.TranscriptAsync(first));
        Assert.Equal(["user: two", "assistant: 2"], await cluster.TranscriptAsync(second));
    }

    [Fact]
    public async Task Keys_OfTenantsThatLookLikeNumbers_NeverShareARow()
    {
        var digits = Random.Shared.Next(1 << 20, int.MaxValue).ToString("x8", null);
        Assert.True(SessionKey.TryCreate(digits, "c+1", out var hex));
        Assert.True(SessionKey.TryCreate(digits, new string('x', 256), out var longest));
        await TurnAsync(await LoadAsync(hex), "one", "1");
        await TurnAsync(await LoadAsync(longest), "two", "2");
        Assert.Equal(["user: one", "assistant: 1"], await cluster.TranscriptAsync(hex));
        Assert.Equal(["user: two", "assistant: 2"], await cluster.TranscriptAsync(longest));
    }

    [Fact]
    public async Task Write_OfAnotherStateName_IsRefusedByTheDatabase()
    {
        var key = cluster.NewKey();
        var row = new GrainState<SessionState> { State = new SessionState() };
        row.State.Create(Now);
        row.State.BeginFlush();
        await Assert.ThrowsAnyAsync<Exception>(() => Storage.WriteStateAsync("other", Grain(key), row));
        Assert.Equal(0, await CountAsync("session", key));
    }

    [Fact]
    public async Task Write_OutsideTheFlush_IsRefused()
    {
        var writer = await LoadAsync(cluster.NewKey());
        writer.State.Create(Now);
        await Assert.ThrowsAsync<InvalidOperationException>(() => Storage.WriteStateAsync(SessionGrain.StateName, Grain(writer.Key), writer.Row));
    }

    // Two activations for a moment, while silos come and go: the one that loaded first writes nothing, so no fence tells it.
    [Fact]
    public async Task Activation_OlderThanAnothersAcceptance_FindsOutWhenItIsWoken()
    {
        var key = cluster.NewKey();
        await cluster.TurnAsync(key, "one");
        var writer = await LoadAsync(key);
        var request = Say("two");
        writer.State.Enqueue(request, request.Options with { Agent = "scripted" }, Now);
        writer.State.StartNext(Now);
        await FlushAsync(writer);
        Assert.Equal(BatchState.Journaled, (await cluster.Session(key).WatchAsync(request.Id, -1)).State);
        for (JournaledTurn? found = null; found?.Turn.Status != TurnStatus.Completed;)
        {
            await cluster.Session(key).WakeAsync();
            found = await cluster.Journal.FindTurnAsync(key, request.Id, default);
        }

        Assert.Equal(["user: one", "assistant: echo: one", "user: two", "assistant: echo: two"], await cluster.TranscriptAsync(key));
    }

    [Fact]
    public async Task Head_IsUpdatedInPlaceWithoutTouchingAnIndex()
    {
        var key = cluster.NewKey();
        var writer = await LoadAsync(key);
        await TurnAsync(writer, "x", "y");
        var before = await HotAsync();
        for (var i = 0; i < 50; i++) await TurnAsync(writer, "x", "y");
        // Statistics are reported with a delay of up to a second or so; they only ever rise.
        long updates, hot;
        do (updates, hot) = await HotAsync();
        while (updates - before.Updates < 100);
        // If an index were touched, none would be; where a neighbour's old snapshot keeps the page full, some are not.
        Assert.True(hot - before.Hot >= 50, $"{hot - before.Hot} of {updates - before.Updates} updates were heap-only");
    }

    [Fact]
    public async Task Role_OfTheHosts_CannotChangeTheContract()
    {
        await using var app = NpgsqlDataSource.Create(cluster.Postgres.App);
        foreach (var schema in new[] { "conversations", "orleans" })
        {
            await using var change = app.CreateCommand($"update {schema}.orleansquery set querytext = 'select 1'");
            Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => change.ExecuteNonQueryAsync())).SqlState);
        }

        await using var ddl = app.CreateCommand("create table conversations.mine (x int)");
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, (await Assert.ThrowsAsync<PostgresException>(() => ddl.ExecuteNonQueryAsync())).SqlState);
    }

    private static string Text(Conversations.History.Item item) => $"{item.Seq} {item.Id} {item.Status} {System.Text.Json.JsonSerializer.Serialize(item.Body)}";

    private static GrainId Grain(SessionKey key) => GrainId.Create("session", key.ToString());

    private async Task<Writer> LoadAsync(SessionKey key)
    {
        var row = new GrainState<SessionState> { State = new SessionState() };
        await Storage.ReadStateAsync(SessionGrain.StateName, Grain(key), row);
        return new Writer(key, row);
    }

    private async Task FlushAsync(Writer writer)
    {
        writer.State.BeginFlush();
        await Storage.WriteStateAsync(SessionGrain.StateName, Grain(writer.Key), writer.Row);
        writer.State.EndFlush();
    }

    private Task TurnAsync(Writer writer, string input, string output) => TurnAsync(writer, Say(input), output);

    private async Task TurnAsync(Writer writer, TurnRequest request, string output)
    {
        writer.State.Create(Now);
        writer.State.Enqueue(request, new TurnOptions { Agent = "scripted" }, Now);
        var turn = writer.State.StartNext(Now)!;
        await FlushAsync(writer);
        writer.State.AppendOutput(
            turn, new Conversations.History.Message(Conversations.History.Role.Assistant, [new Conversations.History.OutputText(output)]), 0, new(2, default));
        writer.State.End(turn, TurnStatus.Completed, Now);
        await FlushAsync(writer);
    }

    private async Task<long> CountAsync(string table, SessionKey key)
    {
        await using var command = cluster.Database.CreateCommand($"select count(*) from conversations.{table} where tenant = $1 and session = $2");
        command.Parameters.AddWithValue(key.Tenant);
        command.Parameters.AddWithValue(key.Id);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task<(long Updates, long Hot)> HotAsync()
    {
        await using var command = cluster.Database.CreateCommand(
            "select n_tup_upd, n_tup_hot_upd from pg_stat_user_tables where schemaname = 'conversations' and relname = 'session'");
        await using var row = await command.ExecuteReaderAsync();
        await row.ReadAsync();
        return (row.GetInt64(0), row.GetInt64(1));
    }

    private sealed record Writer(SessionKey Key, GrainState<SessionState> Row)
    {
        public SessionState State => Row.State!;
    }
}
