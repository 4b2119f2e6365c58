using System.Globalization;
using Conversations.Client.OpenAI.Errors;
using Conversations.History;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>The query of a list of items: <c>limit</c> (1 to 100, 20), <c>order</c> (desc), <c>after</c>.</summary>
/// <param name="Limit">How many at the most.</param>
/// <param name="NewestFirst">The order.</param>
/// <param name="After">The last item that the caller has.</param>
internal sealed record ListQuery(int Limit, bool NewestFirst, ItemId? After)
{
    private const int DefaultLimit = 20;
    private const int MaxLimit = 100;

    public static ListQuery Read(IQueryCollection query) => new(
        ReadLimit(query),
        ReadNewestFirst(query),
        query["after"].ToString() is { Length: > 0 } after
            ? ItemName.Read(after, "after") ?? throw NoSuchAfter
            : null);

    /// <summary>How many at the most, of any list.</summary>
    public static int ReadLimit(IQueryCollection query) => ReadInteger(query, "limit", 1, MaxLimit) ?? DefaultLimit;

    /// <summary>The order, of any list.</summary>
    public static bool ReadNewestFirst(IQueryCollection query) => query["order"].ToString() switch
    {
        "" or "desc" => true,
        "asc" => false,
        _ => throw new DialectException(400, "invalid_value", "'order' must be one of: asc, desc.", "order"),
    };

    /// <summary>Reads a yes or no of a query; if it is not there, no.</summary>
    public static bool ReadFlag(IQueryCollection query, string name) => query[name].ToString() switch
    {
        "" => false,
        var text when bool.TryParse(text, out var flag) => flag,
        _ => throw new DialectException(400, "invalid_type", $"'{name}' must be true or false.", name),
    };

    /// <summary>What is said of an <c>after</c> that names nothing.</summary>
    public static DialectException NoSuchAfter => new(400, "invalid_value", "No item with the id in 'after' is in this list.", "after");

    /// <summary>Reads an integer of a query; null if it is not there.</summary>
    public static int? ReadInteger(IQueryCollection query, string name, int from, int to)
    {
        if (query[name].ToString() is not { Length: > 0 } text) return null;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value))
        {
            throw new DialectException(400, "invalid_type", $"'{name}' must be an integer.", name);
        }

        if (value > to) throw new DialectException(400, "integer_above_max_value", $"'{name}' must be at most {to}.", name);
        if (value < from) throw new DialectException(400, "integer_below_min_value", $"'{name}' must be at least {from}.", name);
        return (int)value;
    }
}
