namespace Conversations.Client.Requests;

internal sealed partial class RequestLog
{
    [LoggerMessage(EventId = 20, Level = LogLevel.Information, Message = "{Method} {Template} answered {Status} after {ElapsedMs} ms")]
    private static partial void LogDone(ILogger logger, string method, string template, int status, double elapsedMs);
}
