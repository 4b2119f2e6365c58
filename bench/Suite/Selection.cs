using Conversations.Load;
using Conversations.Suite.Cases;

namespace Conversations.Suite;

/// <summary>Which cases are measured.</summary>
internal static class Selection
{
    /// <summary>Those of these names, or all of them.</summary>
    /// <exception cref="TurnException">There is none of that name.</exception>
    public static IReadOnlyList<ICase> Of(string? names)
    {
        if (names is null) return AllCases.List;
        var wanted = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return wanted.FirstOrDefault(name => AllCases.List.All(c => c.Name != name)) is { } unknown
            ? throw new TurnException($"There is no case '{unknown}'; there are: {string.Join(", ", AllCases.List.Select(c => c.Name))}.")
            : [.. AllCases.List.Where(c => wanted.Contains(c.Name))];
    }
}
