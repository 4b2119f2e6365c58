namespace Conversations.Grains.Tools.Mcp;

/// <summary>That an agent may call tools of a server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Tool">The tool, by the server's name of it; null: all.</param>
internal sealed record McpGrant(McpServer Server, string? Tool)
{
    /// <summary>What a model is offered now. A tool that is granted by name is there also if its server was never reached.</summary>
    public IEnumerable<Tool> Tools => Tool is null
        ? Server.Tools
        : Server.IsKnown ? Server.Tools.Where(t => t.Name == Server.NameOf(Tool)) : [Server.Find(Tool)];

    /// <summary>The tool that a model knows by this name, also if it is not offered now; null: it is not granted.</summary>
    public Tool? Find(string name) => Tool is null
        ? Owns(name) ? Server.Find(name[(Server.Name.Length + 1)..]) : null
        : name == Server.NameOf(Tool) ? Server.Find(Tool) : null;

    /// <summary>Whether a name can be one of this server's tools.</summary>
    public bool Owns(string name) => name.Length > Server.Name.Length + 1 && name.StartsWith($"{Server.Name}_", StringComparison.Ordinal);
}
