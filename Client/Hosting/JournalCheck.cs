using Conversations.Journal;
using Conversations.Journal.Migrations;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Conversations.Client.Hosting;

/// <summary>The database can be reached and has the schema of this build.</summary>
internal sealed class JournalCheck([FromKeyedServices(JournalServices.Sessions)] NpgsqlDataSource source) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        try
        {
            await SchemaCheck.VerifyAsync(source, acceptsNewer: true, cancellationToken);
            return HealthCheckResult.Healthy();
        }
        catch (Exception fault) when (fault is SchemaException or NpgsqlException or TimeoutException)
        {
            return HealthCheckResult.Unhealthy(fault.Message);
        }
    }
}
