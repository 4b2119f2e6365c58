using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Conversations.Grains.Tools.Mcp;

namespace Conversations.Grains.Tools;

/// <summary>All tools of this silo, by name, and the servers that have more.</summary>
internal sealed partial class ToolCatalog
{
    private readonly Dictionary<string, Tool> _tools = new(StringComparer.Ordinal);
    private readonly McpServers? _servers;

    /// <exception cref="ArgumentException">A name is no tool name, or two tools have the same.</exception>
    public ToolCatalog(IEnumerable<Tool> tools, McpServers? servers = null)
    {
        _servers = servers;
        foreach (var tool in tools)
        {
            if (!IsName(tool.Name)) throw new ArgumentException($"'{tool.Name}' is no tool name: 1 to 64 of A-Z, a-z, 0-9, _ and -.");
            if (!_tools.TryAdd(tool.Name, tool)) throw new ArgumentException($"There are two tools named '{tool.Name}'.");
        }
    }

    /// <summary>What is wrong with the tool servers' configuration.</summary>
    public IEnumerable<string> Faults =>
    [
        .. _servers?.Faults ?? [],
        .. from server in Servers
           from name in Names
           where new McpGrant(server, null).Owns(name)
           select $"Mcp:{server.Name}: its tools' names would begin like that of the silo's '{name}': choose another name.",
    ];

    private IEnumerable<string> Names => _tools.Keys.Order(StringComparer.Ordinal);

    private ImmutableArray<McpServer> Servers => _servers?.All ?? [];

    /// <summary>
    /// What an agent may call: tools by name, <c>SERVER.TOOL</c> for one of a tool server, <c>SERVER.*</c> for all of its. What there is not
    /// is added to <paramref name="faults"/>.
    /// </summary>
    public ToolGrant Grant(IEnumerable<string> names, string place, List<string> faults)
    {
        var own = ImmutableArray.CreateBuilder<Tool>();
        var remote = ImmutableArray.CreateBuilder<McpGrant>();
        foreach (var name in names.Distinct(StringComparer.Ordinal))
        {
            var dot = name.IndexOf('.', StringComparison.Ordinal);
            var (home, rest) = dot < 0 ? (name, "") : (name[..dot], name[(dot + 1)..]);
            if (_tools.TryGetValue(name, out var tool)) own.Add(tool);
            else if (Servers.FirstOrDefault(s => s.Name == home) is { } server && (rest == "*" || (rest.Length > 0 && server.Allows(rest))))
            {
                remote.Add(new McpGrant(server, rest == "*" ? null : rest));
            }
            else
            {
                faults.Add($"{place} names '{name}', but there is no such tool; there are: {string.Join(", ", Names.Concat(Servers.Select(s => $"{s.Name}.*")))}.");
            }
        }

        return new ToolGrant(own.ToImmutable(), remote.ToImmutable());
    }

    public static bool IsName(string name) => NameRule().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,64}\z")]
    private static partial Regex NameRule();
}
