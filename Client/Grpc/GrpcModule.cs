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
        services.AddGrpc(grpc => grpc.Interceptors.Add<GrpcEdge>());
        services.AddOptions<GrpcServiceOptions>().Configure<IOptions<GatewayOptions>>(
            (grpc, gateway) => grpc.MaxReceiveMessageSize = gateway.Value.MaxBodyBytes);
        services.AddGrpcReflection();
        services.TryAddSingleton<GrpcRequests>();
        services.TryAddSingleton<Leavers>();
        // The edge logs every fault once; the framework would log it, and every refusal, again.
        services.AddLogging(logging => logging.AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.Error));
        return services;
    }

    /// <summary>Maps the service, for authenticated callers alone; in Development also reflection.</summary>
    public static IEndpointRouteBuilder MapConversationsGrpc(this IEndpointRouteBuilder endpoints, IHostEnvironment environment)
    {
        endpoints.MapGrpcService<ConversationsService>().RequireAuthorization().Add(GrpcUnreadable.Refuse);
        if (environment.IsDevelopment()) endpoints.MapGrpcReflectionService();
        return endpoints;
    }
}
