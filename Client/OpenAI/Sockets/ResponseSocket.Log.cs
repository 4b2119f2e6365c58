namespace Conversations.Client.OpenAI.Sockets;

internal sealed partial class ResponseSocket
{
    [LoggerMessage(EventId = 32, Level = LogLevel.Error, Message = "The response on a WebSocket ended in a fault")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
