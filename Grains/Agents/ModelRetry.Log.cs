using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Agents;

internal static partial class ModelRetry
{
    [LoggerMessage(1, LogLevel.Warning, "The model of agent {Agent} failed at try {Try} before its first word ({Fault}); again in {Delay}")]
    private static partial void LogRetry(ILogger log, string agent, int @try, string? fault, TimeSpan delay);
}
