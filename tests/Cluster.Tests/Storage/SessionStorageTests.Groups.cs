using Conversations.Cluster.Tests.Costs;
using Conversations.Grains.Sessions;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using Npgsql;
using Orleans.Storage;
using static Conversations.Cluster.Tests.SessionCluster;

namespace Conversations.Cluster.Tests.Storage;

/// <summary>Writes that come while others are under way, and so go together.</summary>
public sealed partial class SessionStorageTests
{
    [Fact]
    public async Task Write_WhileOthersAreUnderWay_SharesAStatementAndStoresTheSame()
    {
        var requests = Enumerable.Range(0, 3).Select(i => Say($"Grüße 中 \"{i}\" \\ {{}}") with { Fingerprint = new byte[] { 1, 2, (byte)i } }).ToArray();
        var alone = await LoadAsync(cluster.NewKey());
        Change(alone.State, requests);
        await FlushAsync(alone);
        var together = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => LoadAsync(cluster.NewKey())));
        await using (var others = await HoldAllLanesAsync())
        {
            using var statements = new CountedStatements(cluster.Postgres.Server.Port);
            foreach (var writer in together) Change(writer.State, requests);
            var writes = together.Select(FlushAsync).ToList();
            await others.LetGoAsync();
            await Task.WhenAll(writes);
            Assert.Single(statements.Sent, text => text.Contains("write_session", StringComparison.Ordinal));
        }

        var expected = await RowsAsync(alone.Key);
        Assert.Equal(1 + 3 + 3, expected.Count);
        foreach (var writer in together) Assert.Equal(expected, await RowsAsync(writer.Key));

        // And what changes what is there.
        foreach (var writer in together.Append(alone)) Settle(writer.State);
        await FlushAsync(alone);
        await using (var others = await HoldAllLanesAsync())
        {
            var writes = together.Select(FlushAsync).ToList();
            await others.LetGoAsync();
            await Task.WhenAll(writes);
        }

        expected = await RowsAsync(alone.Key);
        Assert.Equal(1 + 3 + 5, expected.Count);
        foreach (var writer in together) Assert.Equal(expected, await RowsAsync(writer.Key));
        Assert.All(together, writer => Assert.Equal("2", writer.Row.ETag));
    }

    [Fact]
    public async Task Write_InAGroup_IsFencedByItself()
    {
        var keys = Enumerable.Range(0, 4).Select(_ => cluster.NewKey()).ToArray();
        foreach (var key in keys) await TurnAsync(await LoadAsync(key), "base", "ok");
        var stale = await LoadAsync(keys[1]);
        await TurnAsync(await LoadAsync(keys[1]), "between", "ok");
        var writers = new[] { await LoadAsync(keys[0]), stale, await LoadAsync(keys[2]), await LoadAsync(keys[3]) };
        var newcomers = new[] { await LoadAsync(cluster.NewKey()), await LoadAsync(cluster.NewKey()) };
        await TurnAsync(await LoadAsync(newcomers[1].Key), "first", "ok");
        await using (var others = await HoldAllLanesAsync())
        {
            var writes = writers.Concat(newcomers).Select(writer => TurnAsync(writer, "last", "done")).ToList();
            await others.LetGoAsync();
            foreach (var i in new[] { 0, 2, 3, 4 }) await writes[i];
            foreach (var i in new[] { 1, 5 }) await Assert.ThrowsAsync<InconsistentStateException>(() => writes[i]);
        }

        Assert.Equal(["user: base", "assistant: ok", "user: last", "assistant: done"], await cluster.TranscriptAsync(keys[0]));
        Assert.Equal(["user: base", "assistant: ok", "user: between", "assistant: ok"], await cluster.TranscriptAsync(keys[1]));
        Assert.Equal(["user: last", "assistant: done"], await cluster.TranscriptAsync(newcomers[0].Key));
        Assert.Equal(["user: first", "assistant: ok"], await cluster.TranscriptAsync(newcomers[1].Key));
    }

    [Fact]
    public async Task Write_InAGroupWithOneThatCannotBeStored_IsStored()
    {
        var writers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => LoadAsync(cluster.NewKey())));
        foreach (var writer in writers) await TurnAsync(writer, "base", "ok");
        // A row where the next one of this session is to be.
        await using (var row = cluster.Database.CreateCommand(
            "insert into conversations.item (tenant, session, seq, turn_id, attempt, idx, status, version) values ($1, $2, 2, $3, 0, 0, 1, 1)"))
        {
            row.Parameters.AddWithValue(writers[1].Key.Tenant);
            row.Parameters.AddWithValue(writers[1].Key.Id);
            row.Parameters.AddWithValue(Guid.NewGuid());
            await row.ExecuteNonQueryAsync();
        }

        await using (var others = await HoldAllLanesAsync())
        {
            var writes = writers.Select(writer => TurnAsync(writer, "last", "done")).ToList();
            await others.LetGoAsync();
            foreach (var i in new[] { 0, 2, 3 }) await writes[i];
            Assert.Equal(PostgresErrorCodes.UniqueViolation, (await Assert.ThrowsAsync<PostgresException>(() => writes[1])).SqlState);
        }

        Assert.Equal(["user: base", "assistant: ok", "user: last", "assistant: done"], await cluster.TranscriptAsync(writers[3].Key));
        Assert.Equal(2, int.Parse((await LoadAsync(writers[1].Key)).Row.ETag!, System.Globalization.CultureInfo.InvariantCulture));
    }

    // All that a write can say of turns and items.
    private static void Change(SessionState state, TurnRequest[] requests)
    {
        state.Create(Now);
        state.SetMetadata(state.Metadata.SetItem("topic", "Größe"));
        foreach (var request in requests) state.Enqueue(request, new TurnOptions { Agent = "scripted", Instructions = "be \"kind\"" }, Now, Now.AddSeconds(1));
        var turn = state.StartNext(Now.AddSeconds(2))!;
        state.AppendOutput(turn, new FunctionCall("call_1", "weather", "{\"city\":"), ItemStatus.Completed, new Emission(2, new DeltaLengths(new byte[] { 3, 200, 1 })));
        state.AppendOutput(turn, new FunctionCallOutput("call_1", "rain"), ItemStatus.Incomplete, new Emission(9, DeltaLengths.None));
    }

    // And what becomes of them.
    private static void Settle(SessionState state)
    {
        state.End(state.Unfinished[0], TurnStatus.Failed, Now.AddSeconds(3), new TurnError("model_error", "It was not to be."));
        state.End(state.Unfinished[1], TurnStatus.Cancelled, Now.AddSeconds(4), reason: "superseded");
        var turn = state.StartNext(Now.AddSeconds(5))!;
        state.AppendOutput(turn, new Message(Role.Assistant, [new OutputText("Hi"), new RefusalText("No.")]), ItemStatus.Incomplete, new Emission(2, new DeltaLengths(new byte[] { 2 })));
        state.Supersede(turn);
        state.Park(turn, true);
    }

    // Two sessions that somebody else has locked: what writes them waits, and with it all that writes.
    private async Task<Held> HoldAllLanesAsync()
    {
        var writers = new[] { await LoadAsync(cluster.NewKey()), await LoadAsync(cluster.NewKey()) };
        foreach (var writer in writers) await TurnAsync(writer, "base", "ok");
        var connection = await cluster.Database.OpenConnectionAsync();
        var transaction = await connection.BeginTransactionAsync();
        foreach (var writer in writers)
        {
            await using var hold = new NpgsqlCommand("select from conversations.session where tenant = $1 and session = $2 for update", connection, transaction);
            hold.Parameters.AddWithValue(writer.Key.Tenant);
            hold.Parameters.AddWithValue(writer.Key.Id);
            await hold.ExecuteNonQueryAsync();
        }

        var writes = new List<Task>();
        foreach (var writer in writers)
        {
            writer.State.SetMetadata(writer.State.Metadata.SetItem("held", "yes"));
            writes.Add(FlushAsync(writer));
            await using var waiting = cluster.Database.CreateCommand(
                "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
            // One at a time, or they would go together and hold one lane alone.
            while ((long)(await waiting.ExecuteScalarAsync())! < writes.Count) await Task.Yield();
        }

        return new Held(connection, transaction, Task.WhenAll(writes));
    }

    // Without what is of the moment and of the session's name.
    private async Task<List<string>> RowsAsync(SessionKey key)
    {
        var rows = new List<string>();
        foreach (var (table, order) in new[] { ("session", "session"), ("turn", "ord"), ("item", "seq") })
        {
            await using var command = cluster.Database.CreateCommand(
                $"""
                select (to_jsonb(r) - 'tenant' - 'session' - 'updated_at' - case when '{table}' = 'item' then 'created_at' else '' end)::text
                from conversations.{table} r where tenant = $1 and session = $2 order by {order}
                """);
            command.Parameters.AddWithValue(key.Tenant);
            command.Parameters.AddWithValue(key.Id);
            await using var reader = await command.ExecuteReaderAsync();
            while (await reader.ReadAsync()) rows.Add(reader.GetString(0));
        }

        return rows;
    }

    private sealed class Held(NpgsqlConnection connection, NpgsqlTransaction transaction, Task writes) : IAsyncDisposable
    {
        public async Task LetGoAsync()
        {
            await transaction.RollbackAsync();
            await writes;
        }

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
