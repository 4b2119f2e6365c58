namespace Conversations.Client.Requests;

internal sealed partial class PrivateSessions
{
    [LoggerMessage(EventId = 23, Level = LogLevel.Information, Message = "What was not to be stored is left to the silos to erase")]
    private static partial void LogLeft(ILogger logger, Exception fault);
}
