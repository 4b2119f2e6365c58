using System.Text.Json;
using Npgsql;
using NpgsqlTypes;

namespace Conversations.AspNet;

/// <summary>Writes the rows of a turn in one round trip and one transaction.</summary>
internal sealed class Turns(NpgsqlDataSource database)
{
    private const string Head = """
        insert into conversations.session (tenant, session, version, created_at, item_count, turn_count) values ('bench', $1, 1, now(), 2, 1)
        on conflict (tenant, session) do update set version = session.version + 1, updated_at = now(),
          item_count = session.item_count + 2, turn_count = session.turn_count + 1
        """;

    // The head is locked by then: the places of the turn's items are the last two.
    private const string Item = """
        insert into conversations.item (tenant, session, seq, turn_id, attempt, idx, status, body, version)
        select tenant, session, item_count - 2 + $2, $3, 0, $2, 1, $4, version from conversations.session where tenant = 'bench' and session = $1
        """;

    public async Task AppendAsync(string session, string question, string answer, CancellationToken stop)
    {
        var turn = Guid.CreateVersion7();
        await using var batch = database.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Head) { Parameters = { new NpgsqlParameter<string> { TypedValue = session } } });
        batch.BatchCommands.Add(Insert(session, 0, turn, new StoredMessage("message", "user", [new StoredText("input_text", question)])));
        batch.BatchCommands.Add(Insert(session, 1, turn, new StoredMessage("message", "assistant", [new StoredText("output_text", answer)])));
        await batch.ExecuteNonQueryAsync(stop);
    }

    private static NpgsqlBatchCommand Insert(string session, int index, Guid turn, StoredMessage message) => new(Item)
    {
        Parameters =
        {
            new NpgsqlParameter<string> { TypedValue = session },
            new NpgsqlParameter<int> { TypedValue = index },
            new NpgsqlParameter<Guid> { TypedValue = turn },
            new NpgsqlParameter<byte[]> { TypedValue = JsonSerializer.SerializeToUtf8Bytes(message, TurnJson.Default.StoredMessage), NpgsqlDbType = NpgsqlDbType.Json },
        },
    };
}
