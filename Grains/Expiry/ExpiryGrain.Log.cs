using Conversations.Sessions;
using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Expiry;

internal sealed partial class ExpiryGrain
{
    [LoggerMessage(1, LogLevel.Information, "{Count} {Lifetime} sessions had their time and were erased")]
    private static partial void LogExpired(ILogger log, int count, SessionLifetime lifetime);

    [LoggerMessage(2, LogLevel.Warning, "Session {Session} of {Tenant} could not be erased ({Fault}); the next sweep tries again")]
    private static partial void LogNotExpired(ILogger log, string fault, string tenant, string session);
}
