namespace Conversations.Client;

internal sealed partial class ClusterPatience
{
    [LoggerMessage(EventId = 40, Level = LogLevel.Information, Message = "No silo to connect to yet; trying again after try {Try}")]
    private static partial void LogWaiting(ILogger logger, Exception fault, int @try);
}
