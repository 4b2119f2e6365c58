using System.Net;
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
        var profile = configuration.GetValue("Cluster:Membership", MembershipProfile.Fast);
        builder.UseOrleans(silo =>
        {
            silo.Configure<ClusterOptions>(options =>
            {
                options.ClusterId = configuration["Cluster:ClusterId"] ?? "conversations";
                options.ServiceId = configuration["Cluster:ServiceId"] ?? "conversations";
            });
            silo.Configure<SiloOptions>(options => options.SiloName = settings.Name);
            silo.Configure<ClusterMembershipOptions>(options => profile.Apply(options));
            if (settings.Kubernetes) silo.UseKubernetesHosting();
            else silo.ConfigureEndpoints(Address(settings), settings.Port, settings.GatewayPort, listenOnAnyHostAddress: !IsLoopback(settings));
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

    private static IPAddress Address(SiloSettings settings) =>
        IPAddress.TryParse(settings.AdvertisedAddress, out var address) ? address : Dns.GetHostAddresses(settings.AdvertisedAddress)[0];

    private static bool IsLoopback(SiloSettings settings) => IPAddress.IsLoopback(Address(settings));
}
