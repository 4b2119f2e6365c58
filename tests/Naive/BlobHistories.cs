using System.Text.Json;
using Npgsql;

namespace Conversations.Naive;

/// <summary>A row with the whole history as JSON: read, extended, written back.</summary>
internal sealed class BlobHistories(Model model, NpgsqlDataSource database) : IHistories
{
    public async Task<string> SayAsync(string session, string text, CancellationToken stop)
    {
        List<Saying> history = [.. await ReadAsync(session, stop), new Saying("user", text)];
        var answer = await model.AskAsync(history, stop);
        history.Add(new Saying("assistant", answer));
        await using var command = database.CreateCommand(
            "insert into stock.blob (session, messages) values ($1, $2) on conflict (session) do update set messages = excluded.messages");
        command.Parameters.AddWithValue(session);
        command.Parameters.AddWithValue(JsonSerializer.Serialize(history));
        await command.ExecuteNonQueryAsync(stop);
        return answer;
    }

    public async Task<IReadOnlyList<Saying>> ReadAsync(string session, CancellationToken stop)
    {
        await using var command = database.CreateCommand("select messages from stock.blob where session = $1");
        command.Parameters.AddWithValue(session);
        return await command.ExecuteScalarAsync(stop) is string messages ? JsonSerializer.Deserialize<List<Saying>>(messages)! : [];
    }
}
