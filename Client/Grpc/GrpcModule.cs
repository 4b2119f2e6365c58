using Conversations.Client.Hosting;
using Conversations.Client.Requests;
using Grpc.AspNetCore.Server;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Conversations.Client.Grpc;

/// <summary>The native wire: <c>conversations.v1</c> over gRPC.</summary>
internal static class GrpcModule
{
    /// <summary>Adds what the gRPC endpoints need.</summary>
    public static IServiceCollection AddConversationsGrpc(this IServiceCollection services)
    {
        services.AddGrpc().AddServiceOptions<ConversationsService>(grpc => grpc.Interceptors.Add<GrpcEdge>());
        // As /health/ready has it, for whoever probes over this wire.
        services.AddGrpcHealthChecks(health => health.Services.Map("", check => check.Tags.Contains(Health.ReadyTag)));
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<GatewayOptions>>(
            (grpc, gateway) => grpc.MaxReceiveMessageSize = gateway.Value.MaxBodyBytes);
        services.AddGrpcReflection();
        services.TryAddSingleton<GrpcRequests>();
        services.AddRequests();
        services.TryAddSingleton<GrpcRuns>();
        services.TryAddSingleton<GrpcDrafts>();
        // The edge logs every fault once; the framework would log it, and every refusal, again.
        services.AddLogging(logging => logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Error));
        return services;
    }

    /// <summary>Maps the service, for authenticated callers alone; the health service, for anybody; in Development also reflection.</summary>
    public static IEndpointRouteBuilder MapConversationsGrpc(this IEndpointRouteBuilder endpoints, IHostEnvironment environment)
    {
        endpoints.MapGrpcService<ConversationsService>().RequireAuthorization().Add(GrpcUnreadable.Refuse);
        endpoints.MapGrpcHealthChecksService().AllowAnonymous();
        if (environment.IsDevelopment()) endpoints.MapGrpcReflectionService();
        return endpoints;
    }
}
