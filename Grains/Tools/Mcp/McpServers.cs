using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Tools.Mcp;

/// <summary>The tool servers of this silo, from the section <c>Mcp</c>.</summary>
internal sealed class McpServers : IAsyncDisposable
{
    public McpServers(IConfiguration configuration, McpTransports transports, TimeProvider time, ILogger<McpServer> log)
    {
        var faults = new List<string>();
        All = [.. McpSettings.Read(configuration, faults).Select(s => new McpServer(s.Key, s.Value, transports, time, log))];
        Faults = [.. faults];
    }

    public ImmutableArray<McpServer> All { get; }

    /// <summary>What is wrong with the configuration; the silo does not start with any.</summary>
    public ImmutableArray<string> Faults { get; }

    // At the very end of the process: a silo that shuts down still has turns that call.
    public async ValueTask DisposeAsync() => await Task.WhenAll(All.Select(s => s.DisposeAsync().AsTask()));
}
