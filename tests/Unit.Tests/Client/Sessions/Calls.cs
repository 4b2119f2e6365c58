using Conversations.Client;
using Conversations.Client.Sessions;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Conversations.Unit.Tests.Client.Sessions;

/// <summary>The retries, with the bounds that a test wants.</summary>
internal static class Calls
{
    public static PatientCalls With(SiloDeaths? deaths = null, TimeSpan? callTimeout = null, TimeSpan? retryFor = null, TimeProvider? time = null) => new(
        deaths ?? new SiloDeaths(),
        Options.Create(new GatewayOptions
        {
            CallTimeout = callTimeout ?? TimeSpan.FromMinutes(1),
            WatchTimeout = TimeSpan.FromMinutes(1),
            RetryFor = retryFor ?? TimeSpan.FromMinutes(1),
        }),
        time ?? TimeProvider.System,
        NullLogger<PatientCalls>.Instance);
}
