namespace Conversations.Silo.Dashboard;

internal sealed partial class DashboardPatience
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "The dashboard could not be answered: a silo does not answer")]
    private static partial void LogGivenUp(ILogger logger, Exception? last);
}
