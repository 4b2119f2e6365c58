namespace Conversations.Client.Hosting;

internal sealed partial class ClockWatch
{
    [LoggerMessage(1, LogLevel.Critical, "The wall clock was set back by {Back}: this process ends, and must be started again")]
    private partial void LogSetBack(TimeSpan back);
}
