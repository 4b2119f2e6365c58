using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conversations.Client.Hosting;

/// <summary>
/// <c>/health/live</c>: the process answers. <c>/health/ready</c>: it has started, and every check with the tag <see cref="ReadyTag"/>
/// is content. Neither asks who is asking.
/// </summary>
public static class Health
{
    /// <summary>The tag of the checks that readiness depends on.</summary>
    public const string ReadyTag = "ready";

    /// <summary>Maps both.</summary>
    public static IEndpointRouteBuilder MapHealth(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        endpoints.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains(ReadyTag) }).AllowAnonymous();
        return endpoints;
    }

    internal static IServiceCollection AddConversationsHealth(this IServiceCollection services)
    {
        // Whoever asks gets the answer; a probe that comes every second must not fill the log.
        services.AddLogging(logging => logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.Critical));
        services.AddHealthChecks()
            .AddCheck<StartedCheck>("started", HealthStatus.Unhealthy, [ReadyTag])
            .AddCheck<JournalCheck>("journal", HealthStatus.Unhealthy, [ReadyTag], TimeSpan.FromSeconds(3));
        return services;
    }
}
