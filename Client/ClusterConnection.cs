using Conversations.Journal;
using Npgsql;
using Orleans.Configuration;

namespace Conversations.Client;

/// <summary>Connects a process that is no silo to the cluster.</summary>
internal static class ClusterConnection
{
    private const string DefaultName = "conversations";

    /// <summary>
    /// Finds silos through the membership table in PostgreSQL, for as long as it takes: a gateway starts before any silo does, and is
    /// ready when one is.
    /// </summary>
    public static WebApplicationBuilder AddClusterConnection(this WebApplicationBuilder builder)
    {
        var others = builder.Services.Count;
        builder.UseOrleansClient(client =>
        {
            client.UseAdoNetClustering(clustering => clustering.Configure<IServiceProvider>((options, services) =>
            {
                options.Invariant = "Npgsql";
                options.DataSource = services.GetRequiredKeyedService<NpgsqlDataSource>(JournalServices.Orleans);
            }));
            client.UseConnectionRetryFilter<ClusterPatience>();
            client.Configure<ClusterOptions>(cluster =>
            {
                cluster.ClusterId = builder.Configuration["Cluster:ClusterId"] ?? DefaultName;
                cluster.ServiceId = builder.Configuration["Cluster:ServiceId"] ?? DefaultName;
            });
            // A silo that hangs keeps its connections; only by this list does the client learn not to send through it.
            client.Configure<Orleans.Configuration.GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
        });
        StartAfterListening(builder.Services, others);
        return builder;
    }

    // Otherwise nothing would listen, not even for health, before the cluster is there.
    private static void StartAfterListening(IServiceCollection services, int others)
    {
        for (var i = others; i < services.Count; i++)
        {
            if (services[i] is { ServiceType: var type, ImplementationFactory: { } make } && type == typeof(IHostedService))
            {
                services[i] = ServiceDescriptor.Singleton<IHostedService>(provider => new AfterListening((IHostedService)make(provider)));
            }
        }
    }
}
