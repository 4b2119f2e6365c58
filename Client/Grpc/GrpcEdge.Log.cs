using Conversations.Sessions;

namespace Conversations.Client.Grpc;

internal sealed partial class GrpcEdge
{
    [LoggerMessage(EventId = 40, Level = LogLevel.Information, Message = "{Method} was refused: {Refusal}")]
    private static partial void LogRefused(ILogger logger, string method, RefusalCode refusal);

    [LoggerMessage(EventId = 41, Level = LogLevel.Warning, Message = "{Method} could not be served in time")]
    private static partial void LogUnavailable(ILogger logger, string method, Exception fault);

    [LoggerMessage(EventId = 42, Level = LogLevel.Error, Message = "{Method} failed")]
    private static partial void LogFault(ILogger logger, string method, Exception fault);
}
