using System.Text;
using System.Text.Json;

namespace Conversations.Journal.Writing;

/// <summary>One session's write, taken apart into rows.</summary>
/// <param name="Head">What becomes of the head.</param>
/// <param name="Turns">The turns that are new or changed.</param>
/// <param name="Items">The new items.</param>
internal sealed record SessionChange(HeadChange Head, List<TurnChange> Turns, List<ItemChange> Items)
{
    /// <summary>Takes a write's JSON apart; null if it does more than append (a fork begins, something is erased).</summary>
    /// <param name="key">The grain's key.</param>
    /// <param name="version">The version that the writer knows.</param>
    /// <param name="delta">See <see cref="Rows.SessionDelta"/>.</param>
    public static SessionChange? Read(string key, int? version, ReadOnlySpan<byte> delta)
    {
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var head = new HeadChange
        {
            Tenant = key[..slash],
            // The keys write braces so, and an id has no % of its own.
            Session = key[(slash + 1)..].Replace("%7B", "{", StringComparison.Ordinal).Replace("%7D", "}", StringComparison.Ordinal),
            Version = version,
        };
        var change = new SessionChange(head, [], []);
        var json = new Utf8JsonReader(delta);
        json.Read();
        while (Next(ref json))
        {
            if (json.ValueTextEquals("created_at"u8)) head.CreatedAt = Time(ref json);
            else if (json.ValueTextEquals("item_count"u8)) head.ItemCount = Long(ref json);
            else if (json.ValueTextEquals("turn_count"u8)) head.TurnCount = Long(ref json);
            else if (json.ValueTextEquals("window_from"u8)) head.WindowFrom = Long(ref json);
            else if (json.ValueTextEquals("newest_turn"u8)) head.NewestTurn = Id(ref json);
            else if (json.ValueTextEquals("silo"u8)) head.Silo = Text(ref json);
            else if (json.ValueTextEquals("silo_address"u8)) head.SiloAddress = Text(ref json);
            else if (json.ValueTextEquals("data"u8)) head.Data = Json(ref json, delta);
            else if (json.ValueTextEquals("items"u8)) ReadItems(ref json, delta, change.Items);
            else if (json.ValueTextEquals("accepted"u8) || json.ValueTextEquals("turns"u8)) ReadTurns(ref json, delta, change.Turns);
            else return null;
        }

        return change;
    }

    private static void ReadItems(ref Utf8JsonReader json, ReadOnlySpan<byte> delta, List<ItemChange> items)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var item = new ItemChange();
            items.Add(item);
            while (Next(ref json))
            {
                if (json.ValueTextEquals("seq"u8)) item.Seq = Long(ref json);
                else if (json.ValueTextEquals("turn_id"u8)) item.TurnId = Id(ref json);
                else if (json.ValueTextEquals("attempt"u8)) item.Attempt = (short)Int(ref json);
                else if (json.ValueTextEquals("idx"u8)) item.Idx = Int(ref json);
                else if (json.ValueTextEquals("status"u8)) item.Status = (short)Int(ref json);
                else if (json.ValueTextEquals("first_event"u8)) item.FirstEvent = Int(ref json);
                else if (json.ValueTextEquals("deltas"u8)) item.Deltas = Bytes(ref json);
                else if (json.ValueTextEquals("body"u8)) item.Body = Json(ref json, delta);
                else throw Unknown(ref json);
            }
        }
    }

    private static void ReadTurns(ref Utf8JsonReader json, ReadOnlySpan<byte> delta, List<TurnChange> turns)
    {
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var turn = new TurnChange();
            turns.Add(turn);
            while (Next(ref json))
            {
                if (json.ValueTextEquals("turn_id"u8)) turn.TurnId = Id(ref json);
                else if (json.ValueTextEquals("ord"u8)) turn.Ord = Long(ref json);
                else if (json.ValueTextEquals("status"u8)) turn.Status = (short)Int(ref json);
                else if (json.ValueTextEquals("calls_model"u8)) turn.CallsModel = Flag(ref json);
                else if (json.ValueTextEquals("attempt"u8)) turn.Attempt = (short)Int(ref json);
                else if (json.ValueTextEquals("first_seq"u8)) turn.FirstSeq = Long(ref json);
                else if (json.ValueTextEquals("input_count"u8)) turn.InputCount = Int(ref json);
                else if (json.ValueTextEquals("item_count"u8)) turn.ItemCount = Int(ref json);
                else if (json.ValueTextEquals("was_queued"u8)) turn.WasQueued = Flag(ref json);
                else if (json.ValueTextEquals("parked"u8)) turn.Parked = Flag(ref json);
                else if (json.ValueTextEquals("superseded"u8)) turn.Superseded = Flag(ref json);
                else if (json.ValueTextEquals("merged_into"u8)) turn.MergedInto = Id(ref json);
                else if (json.ValueTextEquals("due_at"u8)) turn.DueAt = Time(ref json);
                else if (json.ValueTextEquals("created_at"u8)) turn.CreatedAt = Time(ref json);
                else if (json.ValueTextEquals("ended_at"u8)) turn.EndedAt = Time(ref json);
                else if (json.ValueTextEquals("fingerprint"u8)) turn.Fingerprint = Bytes(ref json);
                else if (json.ValueTextEquals("options"u8)) turn.Options = Json(ref json, delta);
                else if (json.ValueTextEquals("progress"u8)) turn.Progress = Json(ref json, delta);
                else if (json.ValueTextEquals("input"u8)) turn.Input = Json(ref json, delta);
                else throw Unknown(ref json);
            }
        }
    }

    private static bool Next(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    private static long Long(ref Utf8JsonReader json) => json.Read() ? json.GetInt64() : 0;

    private static int Int(ref Utf8JsonReader json) => json.Read() ? json.GetInt32() : 0;

    private static bool Flag(ref Utf8JsonReader json) => json.Read() && json.GetBoolean();

    private static Guid Id(ref Utf8JsonReader json) => json.Read() ? json.GetGuid() : default;

    private static DateTime Time(ref Utf8JsonReader json) => json.Read() ? json.GetDateTimeOffset().UtcDateTime : default;

    private static string? Text(ref Utf8JsonReader json) => json.Read() ? json.GetString() : null;

    // As PostgreSQL writes bytea: \x and hexadecimal digits; in JSON the backslash is two.
    private static byte[] Bytes(ref Utf8JsonReader json) => json.Read() ? Convert.FromHexString(json.ValueSpan[3..]) : [];

    // As it stands: what is stored is what was written.
    private static string Json(ref Utf8JsonReader json, ReadOnlySpan<byte> delta)
    {
        json.Read();
        var start = (int)json.TokenStartIndex;
        json.Skip();
        return Encoding.UTF8.GetString(delta[start..(int)json.BytesConsumed]);
    }

    private static JsonException Unknown(ref Utf8JsonReader json) => new($"A write has a member '{json.GetString()}', which no column takes.");
}
