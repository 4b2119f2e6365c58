namespace Conversations.Client.Sessions;

internal sealed partial class MembershipWatch
{
    [LoggerMessage(EventId = 10, Level = LogLevel.Warning, Message = "Silo {DeadSilo} is gone, {ActiveSilos} are active; what waits is sent again")]
    private static partial void LogDead(ILogger logger, string deadSilo, int activeSilos);

    [LoggerMessage(EventId = 11, Level = LogLevel.Warning, Message = "The membership table cannot be watched; connecting again")]
    private static partial void LogLost(ILogger logger, Exception fault);
}
