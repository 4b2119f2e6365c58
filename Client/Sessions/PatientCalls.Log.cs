namespace Conversations.Client.Sessions;

internal sealed partial class PatientCalls
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "A call was not answered; sending it again after try {Try}")]
    private static partial void LogAgain(ILogger logger, Exception fault, int @try);
}
