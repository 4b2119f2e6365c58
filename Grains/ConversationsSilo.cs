using Conversations.Grains.Agents;
using Conversations.Grains.Diagnostics;
using Conversations.Grains.Expiry;
using Conversations.Grains.Limits;
using Conversations.Grains.Recovery;
using Conversations.Grains.Sessions;
using Conversations.Grains.Storage;
using Conversations.Grains.Tools;
using Conversations.Journal;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;

namespace Conversations.Grains;

/// <summary>Puts sessions into a silo.</summary>
public static class ConversationsSilo
{
    /// <summary>
    /// Adds the session grain with its storage, the agents of the section <c>Agents</c> and the bounds of the section <c>Sessions</c>.
    /// Needs <see cref="JournalServices.AddJournal"/>.
    /// </summary>
    public static ISiloBuilder AddConversations(this ISiloBuilder silo, IConfiguration configuration)
    {
        var services = silo.Services;
        services.AddOptions<SessionOptions>().Bind(configuration.GetSection("Sessions")).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<SessionOptions>, SessionOptionsValidator>());
        services.AddOptions<GrainCollectionOptions>().Configure<IOptions<SessionOptions>>((collection, sessions) =>
        {
            var limit = sessions.Value.MemoryPercent;
            collection.EnableActivationSheddingOnMemoryPressure = limit < 100;
            collection.MemoryUsageLimitPercentage = limit;
            collection.MemoryUsageTargetPercentage = 0.9 * limit;
        });
        // One client per agent for good: its connections are renewed instead, so that a moved endpoint is noticed.
        services.AddHttpClient("model", client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
            {
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                ConnectTimeout = TimeSpan.FromSeconds(10),
            })
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
        services.TryAddSingleton(TimeProvider.System);
        services.AddExampleTools();
        services.AddMcpTools();
        services.TryAddSingleton<ToolCatalog>();
        services.TryAddSingleton<AgentCatalog>();
        services.TryAddSingleton(p => Identify(p.GetRequiredService<ILocalSiloDetails>()));
        services.TryAddSingleton<TurnSlots>();
        services.TryAddSingleton<TenantSeats>();
        services.TryAddSingleton<SessionContext>();
        services.TryAddSingleton<SessionWake>();
        silo.AddIncomingGrainCallFilter<CallScope>();
        services.AddHostedService<RecoveryPoke>();
        services.AddHostedService<ExpiryPoke>();
        services.AddHostedService<CensusReport>();
        silo.AddSessionStorage(JournalServices.CountDatabases(configuration));
        silo.AddAdoNetGrainStorageAsDefault(options => options.Configure<IServiceProvider>((storage, provider) =>
        {
            storage.Invariant = "Npgsql";
            storage.DataSource = provider.GetRequiredKeyedService<NpgsqlDataSource>(JournalServices.Orleans);
        }));
        return silo;
    }

    /// <summary>Makes sure that the configured agents can be used, before the silo takes calls.</summary>
    /// <exception cref="AgentConfigurationException">They cannot; the message names every fault.</exception>
    public static void CheckAgents(this IServiceProvider services) => services.GetRequiredService<AgentCatalog>();

    private static SiloIdentity Identify(ILocalSiloDetails silo) =>
        new(silo.Name, $"{silo.SiloAddress.Endpoint}@{silo.SiloAddress.Generation}");
}
