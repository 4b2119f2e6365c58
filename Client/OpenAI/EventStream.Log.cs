namespace Conversations.Client.OpenAI;

internal sealed partial class EventStream
{
    [LoggerMessage(EventId = 31, Level = LogLevel.Error, Message = "A stream ended in a fault")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
