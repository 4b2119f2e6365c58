using System.Text.Json.Nodes;
using Conversations.Chaos.Workload;
using Conversations.Checker.Evidence;
using Npgsql;

namespace Conversations.Chaos.World;

/// <summary>Reads what is stored, past the service.</summary>
internal sealed class DatabaseReader(NpgsqlDataSource database, string prefix)
{
    /// <summary>How many accepted turns have not ended.</summary>
    public async Task<long> UnfinishedAsync(CancellationToken stop)
    {
        await using var command = database.CreateCommand("select count(*) from conversations.turn where session like $1 and status < 2");
        command.Parameters.AddWithValue(prefix + "%");
        return (long)(await command.ExecuteScalarAsync(stop))!;
    }

    /// <summary>The calls that wait for somebody's answer.</summary>
    public Task<List<Parked>> ParkedAsync(CancellationToken stop) => ListAsync(
        """
        select t.tenant, t.session, t.turn_id, i.body::json->>'call_id'
        from conversations.turn t join conversations.item i using (tenant, session, turn_id)
        where t.session like $1 and t.parked and t.status < 2 and i.body::json->>'type' = 'conversations:approval_request'
        """,
        row => new Parked(row.GetString(0), row.GetString(1), row.GetGuid(2).ToString("N"), row.GetString(3)),
        stop);

    public async Task<IReadOnlyList<StoredSession>> SessionsAsync(CancellationToken stop)
    {
        var items = await ItemsAsync(stop);
        var turns = await TurnsAsync(stop);
        return await ListAsync(
            "select tenant, session, deleted_at is not null, parent, parent_seq, item_count from conversations.session where session like $1",
            row => new StoredSession(
                row.GetString(0),
                row.GetString(1),
                row.GetBoolean(2),
                row.IsDBNull(3) ? null : row.GetString(3),
                row.IsDBNull(4) ? null : row.GetInt64(4),
                row.GetInt64(5),
                [.. items[(row.GetString(0), row.GetString(1))]],
                [.. turns[(row.GetString(0), row.GetString(1))]]),
            stop);
    }

    private async Task<ILookup<(string, string), StoredItem>> ItemsAsync(CancellationToken stop)
    {
        var rows = await ListAsync(
            "select tenant, session, seq, turn_id, idx, body::text from conversations.item where session like $1 order by seq",
            row => (Key: (row.GetString(0), row.GetString(1)), Item: new StoredItem(
                row.GetInt64(2), row.GetGuid(3).ToString("N"), row.GetInt32(4), WireItems.Read(row.IsDBNull(5) ? null : JsonNode.Parse(row.GetString(5))))),
            stop);
        return rows.ToLookup(row => row.Key, row => row.Item);
    }

    private async Task<ILookup<(string, string), StoredTurn>> TurnsAsync(CancellationToken stop)
    {
        var rows = await ListAsync(
            "select tenant, session, turn_id, status, first_seq, item_count, superseded, parked, merged_into from conversations.turn where session like $1 order by ord",
            row => (Key: (row.GetString(0), row.GetString(1)), Turn: new StoredTurn(
                row.GetGuid(2).ToString("N"),
                row.GetInt16(3),
                row.IsDBNull(4) ? null : row.GetInt64(4),
                row.GetInt32(5),
                row.GetBoolean(6),
                row.GetBoolean(7),
                row.IsDBNull(8) ? null : row.GetGuid(8).ToString("N"))),
            stop);
        return rows.ToLookup(row => row.Key, row => row.Turn);
    }

    private async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken stop)
    {
        await using var command = database.CreateCommand(sql);
        command.Parameters.AddWithValue(prefix + "%");
        await using var row = await command.ExecuteReaderAsync(stop);
        var rows = new List<T>();
        while (await row.ReadAsync(stop)) rows.Add(read(row));
        return rows;
    }
}
