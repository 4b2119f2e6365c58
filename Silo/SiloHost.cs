using System.Net;
using System.Net.Sockets;
using Conversations.Client.Hosting;
using Conversations.Grains;
using Conversations.Journal;
using Conversations.Silo.Dashboard;
using Conversations.Silo.Membership;
using Microsoft.Extensions.Options;
using Npgsql;
using Orleans.Configuration;

namespace Conversations.Silo;

/// <summary>Puts a silo into a process.</summary>
internal static class SiloHost
{
    /// <summary>Adds the silo: PostgreSQL clustering and reminders, sessions, the dashboard.</summary>
    public static WebApplicationBuilder AddConversationsSilo(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        builder.Services.AddOptions<SiloSettings>().Bind(configuration.GetSection("Silo")).ValidateOnStart();
        builder.Services.AddSingleton<IValidateOptions<SiloSettings>, SiloSettingsValidator>();
        var settings = configuration.GetSection("Silo").Get<SiloSettings>() ?? new SiloSettings();
        var profile = Profile(configuration["Cluster:Membership"]);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options =>
            {
                options.ClusterId = configuration["Cluster:ClusterId"] ?? "conversations";
                options.ServiceId = configuration["Cluster:ServiceId"] ?? "conversations";
            });
            silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
            silo.Configure<ClusterMembershipOptions>(options => profile.Apply(options));
            AddEndpoints(silo, settings);
            silo.UseAdoNetClustering(options => options.Configure<IServiceProvider>((clustering, provider) =>
            {
                clustering.Invariant = "Npgsql";
                clustering.DataSource = provider.GetRequiredKeyedService<NpgsqlDataSource>(JournalServices.Orleans);
            }));
            silo.UseAdoNetReminderService(options => options.Configure<IServiceProvider>((reminders, provider) =>
            {
                reminders.Invariant = "Npgsql";
                reminders.DataSource = provider.GetRequiredKeyedService<NpgsqlDataSource>(JournalServices.Orleans);
            }));
            silo.AddConversations(configuration);
            silo.AddConversationsDashboard();
        });
        return builder;
    }

    /// <summary>The port of the endpoint <c>Kestrel:Endpoints:Admin</c>.</summary>
    public static int AdminPort(IConfiguration configuration) =>
        BindingAddress.Parse(configuration["Kestrel:Endpoints:Admin:Url"] ?? "http://127.0.0.1:9090").Port;

    private static void AddEndpoints(ISiloBuilder silo, SiloSettings settings)
    {
        if (!settings.Kubernetes)
        {
            var address = Address(settings.AdvertisedAddress);
            silo.ConfigureEndpoints(address, settings.Port, settings.GatewayPort, listenOnAnyHostAddress: !IPAddress.IsLoopback(address));
            return;
        }

        if (Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST") is null)
        {
            throw new StartException("Silo:Kubernetes is true, but this process runs in no Kubernetes pod: set it to false.");
        }

        silo.UseKubernetesHosting();
        silo.Configure<EndpointOptions>(options =>
        {
            options.SiloPort = settings.Port;
            options.GatewayPort = settings.GatewayPort;
            // Orleans' own default, the machine's address, is set before the pod's is looked at.
            if (IPAddress.TryParse(Environment.GetEnvironmentVariable("POD_IP"), out var pod)) options.AdvertisedIPAddress = pod;
        });
    }

    private static MembershipProfile Profile(string? name) => name?.ToLowerInvariant() switch
    {
        null or "" or "fast" => MembershipProfile.Fast,
        "steady" => MembershipProfile.Steady,
        _ => throw new StartException($"Cluster:Membership is '{name}': set it to fast or steady."),
    };

    private static IPAddress Address(string name)
    {
        if (IPAddress.TryParse(name, out var address)) return address;
        try
        {
            // Silos that run together must find each other by the same family.
            var all = Dns.GetHostAddresses(name);
            return all.FirstOrDefault(a => a.AddressFamily == AddressFamily.InterNetwork) ?? all[0];
        }
        catch (SocketException fault)
        {
            throw new StartException($"Silo:AdvertisedAddress is '{name}', which is no address and no name that can be resolved.", fault);
        }
    }
}
