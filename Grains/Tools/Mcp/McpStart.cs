using Microsoft.Extensions.Hosting;

namespace Conversations.Grains.Tools.Mcp;

/// <summary>Connects to the tool servers when the silo starts, and lets it start without them.</summary>
internal sealed class McpStart(McpServers servers) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var server in servers.All) server.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
