using System.Collections.Immutable;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads <c>metadata</c>: at most 16 pairs of a key of at most 64 and a value of at most 512 characters.</summary>
internal static class Metadata
{
    private const int MaxPairs = 16;
    private const int MaxKeyLength = 64;
    private const int MaxValueLength = 512;

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
