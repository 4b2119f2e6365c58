namespace Conversations.Client.Requests;

internal sealed partial class Leavers
{
    [LoggerMessage(EventId = 21, Level = LogLevel.Information, Message = "The caller left; the turn is cancelled, as it asked")]
    private static partial void LogLeft(ILogger logger);

    [LoggerMessage(EventId = 22, Level = LogLevel.Warning, Message = "The turn of a caller that left could not be cancelled")]
    private static partial void LogNotCancelled(ILogger logger, Exception fault);
}
