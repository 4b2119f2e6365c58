using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Tools.Mcp;

internal sealed partial class McpServer
{
    [LoggerMessage(1, LogLevel.Information, "Tool server {Server} is connected and has {Count} tools")]
    private partial void LogConnected(string server, int count);

    [LoggerMessage(2, LogLevel.Warning, "Tool server {Server} cannot be reached ({Fault}); it is tried again")]
    private partial void LogUnreachable(string server, string fault);

    [LoggerMessage(3, LogLevel.Warning, "Tool server {Server} is gone; it is connected to again")]
    private partial void LogGone(string server);

    [LoggerMessage(4, LogLevel.Warning, "Tools of server {Server} that cannot be offered, for their name or schema: {Tools}")]
    private partial void LogUnusable(string server, string tools);

    [LoggerMessage(5, LogLevel.Warning, "A call of tool server {Server} broke ({Fault})")]
    private partial void LogBroken(string server, string fault);
}
