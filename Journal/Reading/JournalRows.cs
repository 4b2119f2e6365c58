using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Rows;
using Conversations.Sessions;
using Conversations.Turns;
using Npgsql;

namespace Conversations.Journal.Reading;

/// <summary>The rows of items and turns as every query selects them.</summary>
internal static class JournalRows
{
    /// <summary>The columns of a session.</summary>
    public const string SessionColumns = "s.session, s.created_at, s.item_count, s.silo, s.data, s.parent, s.parent_seq";

    /// <summary>Whether a session is there for whoever knows its name.</summary>
    public const string IsThere = "s.deleted_at is null and s.data ->> 'lifetime' is distinct from 'private'";

    /// <summary>The columns of an item.</summary>
    public const string ItemColumns = "i.seq, i.turn_id, i.attempt, i.idx, i.status, i.first_event, i.deltas, i.body";

    /// <summary>The columns of turns, and where from; a condition follows.</summary>
    public const string TurnColumns =
        """
        select t.turn_id, t.ord, t.status, t.calls_model, t.first_seq, t.input_count, t.item_count, t.was_queued, t.parked,
        t.superseded, t.merged_into, t.due_at, t.created_at, t.ended_at, t.fingerprint, t.options, t.progress, t.input, s.silo,
        t.accepted_version, t.started_version, t.ended_version
        from conversations.turn t join conversations.session s using (tenant, session)
        """;

    /// <summary>The session of a row of <see cref="SessionColumns"/>.</summary>
    public static Session ReadSession(NpgsqlDataReader row) => new()
    {
        Id = row.GetString(0),
        CreatedAt = row.GetFieldValue<DateTimeOffset>(1),
        ItemCount = row.GetInt64(2),
        Silo = row.IsDBNull(3) ? null : row.GetString(3),
        Metadata = JournalJson.ReadData(row.GetString(4)).Metadata?.ToImmutableSortedDictionary(StringComparer.Ordinal)
            ?? ImmutableSortedDictionary<string, string>.Empty,
        Parent = row.IsDBNull(5) ? null : new Parent(row.GetString(5), row.GetInt64(6)),
    };

    /// <summary>The item of a row of <see cref="ItemColumns"/>.</summary>
    public static Item ReadItem(NpgsqlDataReader row) => new(
        row.GetInt64(0),
        new ItemId(new TurnId(row.GetGuid(1)), row.GetInt16(2), row.GetInt32(3)),
        (ItemStatus)row.GetInt16(4),
        row.IsDBNull(7) ? null : JournalJson.ReadBody(row.GetString(7)),
        row.IsDBNull(5)
            ? null
            : new Emission(row.GetInt32(5), new DeltaLengths(row.IsDBNull(6) ? default(ReadOnlyMemory<byte>) : row.GetFieldValue<byte[]>(6))));

    /// <summary>The turn of a row of <see cref="TurnColumns"/>; its waiting input and its session's silo.</summary>
    public static Turn ReadTurn(NpgsqlDataReader row, out IReadOnlyList<ItemBody> input, out string? silo)
    {
        input = row.IsDBNull(17) ? [] : JournalJson.ReadInput(row.GetString(17));
        silo = row.IsDBNull(18) ? null : row.GetString(18);
        return new TurnRow
        {
            TurnId = row.GetGuid(0),
            Ord = row.GetInt64(1),
            Status = row.GetInt16(2),
            CallsModel = row.GetBoolean(3),
            Attempt = 0,
            FirstSeq = row.IsDBNull(4) ? null : row.GetInt64(4),
            InputCount = row.GetInt32(5),
            ItemCount = row.GetInt32(6),
            WasQueued = row.GetBoolean(7),
            Parked = row.GetBoolean(8),
            Superseded = row.GetBoolean(9),
            MergedInto = row.IsDBNull(10) ? null : row.GetGuid(10),
            DueAt = row.IsDBNull(11) ? null : row.GetFieldValue<DateTimeOffset>(11),
            CreatedAt = row.GetFieldValue<DateTimeOffset>(12),
            EndedAt = row.IsDBNull(13) ? null : row.GetFieldValue<DateTimeOffset>(13),
            Fingerprint = Bytea.Write(row.GetFieldValue<byte[]>(14)),
            Options = JournalJson.ReadOptions(row.GetString(15)),
            Progress = row.IsDBNull(16) ? null : JournalJson.ReadProgress(row.GetString(16)),
        }.ToTurn();
    }
}
