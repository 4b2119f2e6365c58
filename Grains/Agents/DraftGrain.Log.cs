using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Agents;

internal sealed partial class DraftGrain
{
    [LoggerMessage(1, LogLevel.Warning, "A history could not be compacted ({Fault}, {Cause})")]
    private static partial void LogModelFailed(ILogger log, string fault, string? cause);
}
