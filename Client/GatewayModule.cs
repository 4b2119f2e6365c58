using System.Text;
using Conversations.Agents;
using Conversations.Client.Auth;
using Conversations.Client.Browsers;
using Conversations.Client.Grpc;
using Conversations.Client.Hosting;
using Conversations.Client.OpenAI;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Conversations.Client;

/// <summary>
/// The gateway: HTTP and gRPC in front of the sessions. It holds no state. Whoever mounts it brings the <see cref="IClusterClient"/>
/// (a cluster client's, or a silo's own) and the journal.
/// </summary>
public static class GatewayModule
{
    /// <summary>Adds everything but the connection to the cluster and to the database.</summary>
    public static WebApplicationBuilder AddGateway(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<GatewayOptions>().Bind(builder.Configuration.GetSection("Gateway")).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<GatewayOptions>, GatewayOptionsValidator>());
        // The server's own bound must not come before ours, whose refusal says what to do.
        services.AddOptions<KestrelServerOptions>().Configure<IOptions<GatewayOptions>>(
            (kestrel, gateway) =>
            {
                kestrel.Limits.MaxRequestBodySize = gateway.Value.MaxBodyBytes + 65_536L;
                // Any byte of a header is read, and refused here if need be: the server would answer without a word.
                kestrel.RequestHeaderEncodingSelector = _ => Encoding.Latin1;
            });
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SiloDeaths>();
        services.TryAddSingleton<MembershipWatch>();
        services.AddHostedService(provider => provider.GetRequiredService<MembershipWatch>());
        services.TryAddSingleton<PatientCalls>();
        services.TryAddSingleton<AgentNames>(provider =>
        {
            var (grains, calls) = (Grains(provider), provider.GetRequiredService<PatientCalls>());
            return cancellationToken => calls.SendAsync(_ => grains().GetGrain<IAgentsGrain>(0).ListAsync(), cancellationToken);
        });
        services.TryAddSingleton<IDrafts>(provider =>
        {
            var grains = Grains(provider);
            return new GrainDrafts(() => grains().GetGrain<IDraftGrain>(0), provider.GetRequiredService<PatientCalls>());
        });
        services.TryAddSingleton<SessionGrains>(provider =>
        {
            var grains = Grains(provider);
            // A reference, which a thread sees whole or not at all.
            Tuple<GrainType, GrainInterfaceType>? types = null;
            return key =>
            {
                var name = key.ToString();
                if (types is { } known) return (ISessionGrain)grains().GetGrain(GrainId.Create(known.Item1, name), known.Item2);
                // By its type a grain is found by reflection, and these names are asked for twice in every turn.
                var grain = grains().GetGrain<ISessionGrain>(name);
                types = Tuple.Create(grain.GetGrainId().Type, ((GrainReference)grain).InterfaceType);
                return grain;
            };
        });
        services.TryAddSingleton<ISessions, GrainSessions>();
        services.TryAddKeyedSingleton<IJournalReader>(
            PatientJournal.Key, (provider, _) => new PatientJournal(provider.GetRequiredService<IJournalReader>(), provider.GetRequiredService<PatientCalls>()));
        services.AddHealthChecks().AddCheck<ClusterCheck>("cluster", HealthStatus.Unhealthy, [Health.ReadyTag]);
        services.AddApiKeys();
        services.AddBrowsers();
        services.AddOpenAI();
        services.AddConversationsGrpc();
        return builder;
    }

    /// <summary>Maps every wire. The health endpoints are the host's: <see cref="Health.MapHealth"/>.</summary>
    public static WebApplication MapGateway(this WebApplication app)
    {
        // All that is wrong at once, before the first part that needs its options.
        app.Services.GetService<IStartupValidator>()?.Validate();
        app.UseRequests();
        app.UseBrowsers();
        app.UseWebSockets();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapOpenAI();
        app.MapConversationsGrpc(app.Environment);
        return app;
    }

    private static Func<IGrainFactory> Grains(IServiceProvider provider)
    {
        var cluster = provider.GetRequiredService<IClusterClient>();
        var lifetime = provider.GetRequiredService<IHostApplicationLifetime>();
        return () => lifetime.ApplicationStarted.IsCancellationRequested
            ? cluster
            : throw new RetryException("The gateway is not connected to the cluster yet.");
    }
}
