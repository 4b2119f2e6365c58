using Conversations.Journal.Migrations;
using Conversations.Journal.Sharding;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Conversations.Client.Hosting;

/// <summary>
/// The databases can be reached and have the schema of this build. Without the first, where the cluster's members are, the process is not
/// ready; without another one it serves the sessions of the rest.
/// </summary>
internal sealed class JournalCheck(SessionDatabases databases) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var faults = await Task.WhenAll(Enumerable.Range(0, databases.All.Count).Select(index => FaultOfAsync(index, cancellationToken)));
        if (faults[0] is { } first) return HealthCheckResult.Unhealthy(first);
        return string.Join(' ', faults.OfType<string>()) is { Length: > 0 } others ? HealthCheckResult.Degraded(others) : HealthCheckResult.Healthy();
    }

    private async Task<string?> FaultOfAsync(int index, CancellationToken cancellationToken)
    {
        try
        {
            await SchemaCheck.VerifyAsync(databases.All[index], databases.Shard(index), acceptsNewer: true, cancellationToken);
            return null;
        }
        catch (Exception fault) when (fault is SchemaException or NpgsqlException or TimeoutException or OperationCanceledException)
        {
            return fault.Message;
        }
    }
}
