using Conversations.Client.Sessions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Conversations.Client;

/// <summary>There is a silo to serve from.</summary>
internal sealed class ClusterCheck(MembershipWatch membership) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        membership.View.ActiveSilos > 0 ? HealthCheckResult.Healthy() : HealthCheckResult.Unhealthy("No silo is active."));
}
