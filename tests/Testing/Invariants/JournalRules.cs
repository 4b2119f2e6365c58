using System.Text.Json.Nodes;
using Conversations.Turns;
using Npgsql;

namespace Conversations.Testing.Invariants;

/// <summary>What must hold of a session on disk when nothing runs in it, whatever died before.</summary>
public static class JournalRules
{
    private const string ItemsSql =
        """
        select i.turn_id, i.seq, i.idx, i.body from conversations.lineage($1, $2) l
        join conversations.item i on i.tenant = $1 and i.session = l.session and i.seq >= l.from_seq and i.seq < l.to_seq order by i.seq
        """;

    private const string TurnsSql =
        """
        select t.turn_id, t.status, t.first_seq, t.item_count, t.ended_at, s.item_count, s.turn_count, coalesce(s.parent_seq, 0)
        from conversations.turn t
        join conversations.session s using (tenant, session) where t.tenant = $1 and t.session = $2 order by t.ord
        """;

    /// <summary>The rules that are broken, a sentence each.</summary>
    /// <param name="database">The database.</param>
    /// <param name="tenant">The session's tenant.</param>
    /// <param name="session">The session.</param>
    /// <param name="acknowledged">What was said by each acknowledged request, in their order, a fork's parents' included; no two the same.</param>
    public static async Task<IReadOnlyList<string>> BrokenAsync(NpgsqlDataSource database, string tenant, string session, params string[] acknowledged)
    {
        var items = await ItemsAsync(database, tenant, session);
        var turns = await TurnsAsync(database, tenant, session);
        return [.. Said(items, acknowledged), .. Sequence(items, turns), .. Turns(turns), .. Calls(items)];
    }

    // I1, I2: each acknowledged request is there, once, in its place.
    private static IEnumerable<string> Said(List<ItemLine> items, string[] acknowledged)
    {
        var said = items.Select(i => i.Body).Where(b => (string?)b?["role"] == "user").Select(b => (string?)b!["content"]![0]!["text"]).ToList();
        if (!said.SequenceEqual(acknowledged)) yield return $"I1, I2: said were [{string.Join(" | ", acknowledged)}]; on disk are [{string.Join(" | ", said)}].";
    }

    // I3: 0, 1, 2 …, and each turn has one stretch of its own.
    private static IEnumerable<string> Sequence(List<ItemLine> items, List<TurnLine> turns)
    {
        foreach (var (place, item) in items.Index())
        {
            if (item.Seq != place) yield return $"I3: at place {place} is seq {item.Seq}.";
        }

        // A fork's own turns begin where the history of its parent is left.
        var next = turns is [var any, ..] ? any.SessionFrom : items.Count;
        foreach (var turn in turns.Where(t => t.FirstSeq is not null))
        {
            if (turn.FirstSeq != next) yield return $"I3: turn {turn.Id} begins at {turn.FirstSeq}, not at {next}.";
            next = turn.FirstSeq!.Value + turn.ItemCount;
            var own = items.Where(i => i.Turn == turn.Id).ToList();
            if (own.Count != turn.ItemCount || own.Where((item, index) => item.Seq != turn.FirstSeq + index || item.Index != index).Any())
            {
                yield return $"I3: the {turn.ItemCount} items of turn {turn.Id} are not those from {turn.FirstSeq} on.";
            }
        }

        if (next != items.Count || turns.Any(t => t.SessionItems != items.Count)) yield return $"I3: there are {items.Count} items, {next} of them of turns.";
    }

    // I2, I8: nothing is unfinished, and the head knows of every turn.
    private static IEnumerable<string> Turns(List<TurnLine> turns)
    {
        foreach (var turn in turns)
        {
            if (!turn.Status.IsTerminal() || turn.EndedAt is null) yield return $"I8: turn {turn.Id} is {turn.Status}.";
            if (turn.SessionTurns != turns.Count) yield return $"I2: the head counts {turn.SessionTurns} turns; there are {turns.Count}.";
        }
    }

    // I9: each call has one output, behind it, and no output stands alone; where all tools are the server's.
    private static IEnumerable<string> Calls(List<ItemLine> items)
    {
        var open = new HashSet<string>();
        foreach (var item in items)
        {
            var call = (string?)item.Body?["call_id"] ?? "";
            switch ((string?)item.Body?["type"])
            {
                case "function_call" when !open.Add(call):
                    yield return $"I9: seq {item.Seq} is a second call {call}.";
                    break;
                case "function_call_output" when !open.Remove(call):
                    yield return $"I9: seq {item.Seq} is an output without its call {call}.";
                    break;
            }
        }

        foreach (var call in open) yield return $"I9: call {call} has no output.";
    }

    private static async Task<List<ItemLine>> ItemsAsync(NpgsqlDataSource database, string tenant, string session)
    {
        await using var row = await ReadAsync(database, ItemsSql, tenant, session);
        var items = new List<ItemLine>();
        while (await row.ReadAsync())
        {
            items.Add(new ItemLine(row.GetGuid(0), row.GetInt64(1), row.GetInt32(2), row.IsDBNull(3) ? null : JsonNode.Parse(row.GetString(3))));
        }

        return items;
    }

    private static async Task<List<TurnLine>> TurnsAsync(NpgsqlDataSource database, string tenant, string session)
    {
        await using var row = await ReadAsync(database, TurnsSql, tenant, session);
        var turns = new List<TurnLine>();
        while (await row.ReadAsync())
        {
            turns.Add(new TurnLine(
                row.GetGuid(0),
                (TurnStatus)row.GetInt16(1),
                row.IsDBNull(2) ? null : row.GetInt64(2),
                row.GetInt32(3),
                row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
                row.GetInt64(5),
                row.GetInt64(6),
                row.GetInt64(7)));
        }

        return turns;
    }

    private static async Task<NpgsqlDataReader> ReadAsync(NpgsqlDataSource database, string sql, string tenant, string session)
    {
        // The reader's end ends the connection, too.
        var connection = await database.OpenConnectionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.AddWithValue(tenant);
        command.Parameters.AddWithValue(session);
        return await command.ExecuteReaderAsync(System.Data.CommandBehavior.CloseConnection);
    }

    private sealed record ItemLine(Guid Turn, long Seq, int Index, JsonNode? Body);

    private sealed record TurnLine(
        Guid Id, TurnStatus Status, long? FirstSeq, int ItemCount, DateTimeOffset? EndedAt, long SessionItems, long SessionTurns, long SessionFrom);
}
