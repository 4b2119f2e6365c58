using Conversations.Turns;
using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Sessions;

internal sealed partial class SessionEngine
{
    // One line of a turn is enough on an ordinary day: that it ended.
    [LoggerMessage(1, LogLevel.Debug, "Turn accepted with {Position} unfinished before it")]
    private partial void LogAccepted(int position);

    [LoggerMessage(2, LogLevel.Information, "Turn {Turn} ended as {Status}")]
    private partial void LogEnded(TurnId turn, TurnStatus status);

    [LoggerMessage(3, LogLevel.Warning, "Turn {Turn} resumed as attempt {Attempt}")]
    private partial void LogResumed(TurnId turn, int attempt);

    [LoggerMessage(4, LogLevel.Error, "Turn {Turn} failed: it was tried {Attempts} times")]
    private partial void LogPoisonous(TurnId turn, int attempts);

    [LoggerMessage(5, LogLevel.Warning, "A write failed with unknown outcome; the activation goes")]
    private partial void LogWriteFailed(Exception exception);

    [LoggerMessage(6, LogLevel.Error, "The runner failed; the activation goes")]
    private partial void LogRunnerFailed(Exception exception);

    [LoggerMessage(7, LogLevel.Warning, "The model call failed: {Code} ({Fault}, {Cause})")]
    private partial void LogModelFailed(string code, string fault, string? cause);

    [LoggerMessage(10, LogLevel.Trace, "The model call failed with this")]
    private partial void LogModelFailure(Exception exception);

    [LoggerMessage(8, LogLevel.Information, "Turn merged into {Survivor}")]
    private partial void LogMerged(TurnId survivor);

    [LoggerMessage(9, LogLevel.Information, "Turn {Turn} waits for a person")]
    private partial void LogParked(TurnId turn);

    [LoggerMessage(21, LogLevel.Warning, "Another activation of the session wrote since this one loaded; it goes")]
    private partial void LogStale();

    [LoggerMessage(22, LogLevel.Information, "Session had its time; it is erased")]
    private partial void LogExpired();

    [LoggerMessage(20, LogLevel.Information, "Session forked from another one at seq {Seq}")]
    private partial void LogForked(long seq);

    [LoggerMessage(11, LogLevel.Warning, "The history was not compacted: {Fault} ({Cause})")]
    private partial void LogCompactionFailed(string fault, string? cause);
}
