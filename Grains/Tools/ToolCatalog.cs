using System.Text.RegularExpressions;

namespace Conversations.Grains.Tools;

/// <summary>All tools of this silo, by name.</summary>
internal sealed partial class ToolCatalog
{
    private readonly Dictionary<string, Tool> _tools = new(StringComparer.Ordinal);

    /// <exception cref="ArgumentException">A name is no tool name, or two tools have the same.</exception>
    public ToolCatalog(IEnumerable<Tool> tools)
    {
        foreach (var tool in tools)
        {
            if (!IsName(tool.Name)) throw new ArgumentException($"'{tool.Name}' is no tool name: 1 to 64 of A-Z, a-z, 0-9, _ and -.");
            if (!_tools.TryAdd(tool.Name, tool)) throw new ArgumentException($"There are two tools named '{tool.Name}'.");
        }
    }

    public IEnumerable<string> Names => _tools.Keys.Order(StringComparer.Ordinal);

    public Tool? Find(string name) => _tools.GetValueOrDefault(name);

    public static bool IsName(string name) => NameRule().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex NameRule();
}
