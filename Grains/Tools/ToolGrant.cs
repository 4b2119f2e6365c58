using System.Collections.Immutable;
using Conversations.Grains.Tools.Mcp;

namespace Conversations.Grains.Tools;

/// <summary>The server's tools that an agent may call: those of the silo, and those of tool servers, which come and go.</summary>
internal sealed class ToolGrant(ImmutableArray<Tool> own, ImmutableArray<McpGrant> remote)
{
    /// <summary>No tools.</summary>
    public static readonly ToolGrant None = new([], []);

    public bool IsEmpty => own.IsEmpty && remote.IsEmpty;

    /// <summary>What a model is offered now.</summary>
    public ImmutableArray<Tool> Now => remote.IsEmpty ? own : [.. own.Concat(remote.SelectMany(r => r.Tools)).DistinctBy(t => t.Name)];

    /// <summary>The tool of that name, also if its server is away; null: it is not granted.</summary>
    public Tool? Find(string name) => own.FirstOrDefault(t => t.Name == name) ?? remote.Select(r => r.Find(name)).FirstOrDefault(t => t is not null);

    /// <summary>Whether a caller's tool cannot have this name, because one of the server's has it or may come to have it.</summary>
    public bool Takes(string name) => own.Any(t => t.Name == name) || remote.Any(r => r.Owns(name));

    /// <summary>Ends when it is known what each tool server has, or that it cannot be reached.</summary>
    public Task ReadyAsync(CancellationToken stop) =>
        remote.All(r => r.Server.Tried.IsCompleted) ? Task.CompletedTask : Task.WhenAll(remote.Select(r => r.Server.Tried)).WaitAsync(stop);
}
