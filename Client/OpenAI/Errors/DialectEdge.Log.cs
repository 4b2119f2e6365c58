namespace Conversations.Client.OpenAI.Errors;

internal sealed partial class DialectEdge
{
    [LoggerMessage(EventId = 30, Level = LogLevel.Error, Message = "The request ended in a fault")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
