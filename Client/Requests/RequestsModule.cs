using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Conversations.Client.Requests;

/// <summary>What every wire needs to have requests served.</summary>
internal static class RequestsModule
{
    public static IServiceCollection AddRequests(this IServiceCollection services)
    {
        services.TryAddSingleton<References>();
        services.TryAddSingleton<Creations>();
        services.TryAddSingleton<Leavers>();
        services.TryAddSingleton<PrivateSessions>();
        return services;
    }

    /// <summary>What every request of the gateway goes through first.</summary>
    public static IApplicationBuilder UseRequests(this IApplicationBuilder app) =>
        app.UseWhen(RequestLog.Concerns, served => served.UseMiddleware<RequestLog>().UseMiddleware<HeadRequests>());
}
