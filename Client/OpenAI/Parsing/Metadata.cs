using System.Collections.Immutable;
using Conversations.Client.OpenAI.Errors;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads <c>metadata</c>: at most 16 pairs of a key of at most 64 and a value of at most 512 characters.</summary>
internal static class Metadata
{
    private const int MaxPairs = 16;
    private const int MaxKeyLength = 64;
    private const int MaxValueLength = 512;

    /// <summary>Reads <c>metadata[key]=value</c> of a query.</summary>
    public static ImmutableSortedDictionary<string, string> Read(IQueryCollection query)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, values) in query)
        {
            if (!name.StartsWith("metadata", StringComparison.OrdinalIgnoreCase)) continue;
            if (!name.StartsWith("metadata[", StringComparison.Ordinal) || name.IndexOf(']', StringComparison.Ordinal) != name.Length - 1)
            {
                throw new DialectException(400, "invalid_value", "A filter by metadata is written metadata[key]=value.", "metadata");
            }

            if (name.Contains('\0', StringComparison.Ordinal) || values.ToString().Contains('\0', StringComparison.Ordinal))
            {
                throw new DialectException(400, "invalid_value", "A filter by metadata cannot hold U+0000.", "metadata");
            }

            if (values.Count > 1) throw new DialectException(400, "invalid_value", $"'{name}' is given twice.", name);
            pairs.Add(name["metadata[".Length..^1], values.ToString());
        }

        return pairs.Count <= MaxPairs
            ? pairs.ToImmutable()
            : throw new DialectException(400, "object_above_max_properties", $"'metadata' has more than {MaxPairs} pairs.", "metadata");
    }

    public static ImmutableSortedDictionary<string, string> Read(RequestNode? metadata)
    {
        var pairs = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (metadata is not { } given) return pairs.ToImmutable();
        foreach (var pair in given.Object().Element.EnumerateObject())
        {
            var value = new RequestNode(pair.Value, $"{given.Path}.{pair.Name}");
            if (pair.Name.Length is 0 or > MaxKeyLength)
            {
                throw given.Refused("invalid_value", $"A key of '{given.Path}' has 1 to {MaxKeyLength} characters.");
            }

            pairs.Add(pair.Name, value.Text(MaxValueLength));
        }

        return pairs.Count <= MaxPairs
            ? pairs.ToImmutable()
            : throw given.Refused("object_above_max_properties", $"'{given.Path}' has more than {MaxPairs} pairs.");
    }
}
