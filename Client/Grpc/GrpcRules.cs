using System.Collections.Immutable;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Grpc;

/// <summary>
/// The rules for what callers send, as strict as those of the HTTP dialect. Each returns the value, or throws a
/// <see cref="RefusalException"/> that names the field.
/// </summary>
internal static class GrpcRules
{
    /// <summary>The most items in one request.</summary>
    public const int MaxItems = 10_000;

    /// <summary>The most metadata pairs of one session or turn.</summary>
    public const int MaxMetadataPairs = 16;

    /// <summary>The longest metadata key, in characters.</summary>
    public const int MaxMetadataKey = 64;

    /// <summary>The longest metadata value, in characters.</summary>
    public const int MaxMetadataValue = 512;

    /// <summary>A session of this tenant, by the id that the caller sent.</summary>
    public static SessionKey Session(string tenant, string id, string field) =>
        SessionKey.TryCreate(tenant, id, out var key)
            ? key
            : throw Invalid($"A session id is {SessionKey.IdRule}.", field);

    /// <summary>Text that can be stored and read back as it is: no U+0000 and no lone surrogate.</summary>
    public static string Text(string value, string field)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (c == '\0') throw Invalid($"'{field}' holds the character U+0000, which no text may hold.", field);
            if (!char.IsSurrogate(c)) continue;
            if (!char.IsHighSurrogate(c) || i + 1 == value.Length || !char.IsLowSurrogate(value[i + 1]))
            {
                throw Invalid($"'{field}' holds half of a surrogate pair at position {i}.", field);
            }

            i++;
        }

        return value;
    }

    /// <summary>Text of at least one and at most <paramref name="longest"/> characters.</summary>
    public static string Text(string value, int longest, string field) => value.Length switch
    {
        0 => throw Invalid($"'{field}' is missing or empty.", field),
        var length when length > longest =>
            throw Invalid($"'{field}' has {length} characters; at most {longest} are allowed.", field),
        _ => Text(value, field),
    };

    /// <summary>A caller's name for a turn, or null if there is none.</summary>
    public static string? IdempotencyKey(string? value, string field) =>
        string.IsNullOrEmpty(value) ? null : Text(value, TurnId.MaxKeyLength, field);

    /// <summary>A caller's notes.</summary>
    public static ImmutableSortedDictionary<string, string> Metadata(
        IReadOnlyCollection<KeyValuePair<string, string>> pairs, string field)
    {
        if (pairs.Count > MaxMetadataPairs)
        {
            throw Invalid($"'{field}' has {pairs.Count} pairs; at most {MaxMetadataPairs} are allowed.", field);
        }

        foreach (var (key, value) in pairs)
        {
            Text(key, field);
            if (key.Length is 0 or > MaxMetadataKey)
            {
                throw Invalid($"A key of '{field}' has {key.Length} characters; 1 to {MaxMetadataKey} are allowed.", field);
            }

            Text(value, $"{field}.{key}");
            if (value.Length > MaxMetadataValue)
            {
                throw Invalid(
                    $"'{field}.{key}' has {value.Length} characters; at most {MaxMetadataValue} are allowed.", $"{field}.{key}");
            }
        }

        return pairs.ToImmutableSortedDictionary(StringComparer.Ordinal);
    }

    /// <summary>How many items one request may bring: 1 to <see cref="MaxItems"/>.</summary>
    public static void ItemCount(int count, string field)
    {
        if (count == 0) throw Invalid($"'{field}' is missing or empty; send at least one item.", field);
        if (count <= MaxItems) return;
        throw new RefusalException(
            RefusalCode.TooLarge, $"'{field}' has {count} items; at most {MaxItems} are allowed in one request.", field);
    }

    /// <summary>A number that is at least <paramref name="least"/> and at most <paramref name="most"/>, if there is one.</summary>
    public static double? Within(double? value, double least, double most, string field) =>
        value is null || (value >= least && value <= most)
            ? value
            : throw Invalid($"'{field}' must be between {least} and {most}.", field);

    /// <inheritdoc cref="Within(double?,double,double,string)"/>
    public static int? Within(int? value, int least, int most, string field) =>
        value is null || (value >= least && value <= most)
            ? value
            : throw Invalid($"'{field}' must be between {least} and {most}.", field);

    /// <summary>A number that is at least <paramref name="least"/>, if there is one.</summary>
    public static int? AtLeast(int? value, int least, string field) =>
        value is null || value >= least ? value : throw Invalid($"'{field}' must be at least {least}.", field);

    private static RefusalException Invalid(string message, string field) => new(RefusalCode.Invalid, message, field);
}
