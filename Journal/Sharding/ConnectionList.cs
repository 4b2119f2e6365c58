using System.Globalization;
using Conversations.Journal.Migrations;
using Microsoft.Extensions.Configuration;

namespace Conversations.Journal.Sharding;

/// <summary>A setting of <c>ConnectionStrings</c> that is one string, or a list of them.</summary>
internal static class ConnectionList
{
    /// <summary>The strings, in their order; none if it is not set.</summary>
    /// <exception cref="SchemaException">It is both, or its numbers have gaps.</exception>
    public static IReadOnlyList<string> Read(IConfiguration configuration, string name)
    {
        var section = configuration.GetSection($"ConnectionStrings:{name}");
        var several = section.GetChildren().Where(entry => entry.Value is { Length: > 0 }).ToList();
        if (section.Value is { Length: > 0 } one)
        {
            return several.Count == 0
                ? [one]
                : throw new SchemaException($"{section.Path} is one string and a list of them at once: leave one of the two out.");
        }

        for (var i = 0; i < several.Count; i++)
        {
            if (several[i].Key != i.ToString(CultureInfo.InvariantCulture))
            {
                throw new SchemaException($"{section.Path} has the entry '{several[i].Key}' where {i} is expected: number its entries from 0, without gaps.");
            }
        }

        return several.ConvertAll(entry => entry.Value!);
    }
}
