using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Expiry;

internal sealed partial class ExpiryPoke
{
    [LoggerMessage(1, LogLevel.Information, "Sessions that have had their time could not be looked for now ({Fault})")]
    private static partial void LogFailed(ILogger log, string fault);
}
