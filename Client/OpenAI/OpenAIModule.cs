using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Reference;
using Conversations.Client.OpenAI.Sockets;
using Conversations.Client.Requests;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Conversations.Client.OpenAI;

/// <summary>The HTTP dialect under <c>/v1</c>.</summary>
internal static class OpenAIModule
{
    public static IServiceCollection AddOpenAI(this IServiceCollection services)
    {
        services.AddRequests();
        services.TryAddSingleton<ItemAppends>();
        services.TryAddSingleton<EventStream>();
        services.TryAddSingleton<KnownPaths>();
        services.TryAddSingleton<ResponseEndpoints>();
        services.TryAddSingleton<SocketEndpoints>();
        services.TryAddSingleton<DraftEndpoints>();
        services.TryAddSingleton<ConversationEndpoints>();
        services.TryAddSingleton<ItemEndpoints>();
        services.TryAddSingleton<ModelEndpoints>();
        services.AddReference();
        return services;
    }

    public static IEndpointRouteBuilder MapOpenAI(this IEndpointRouteBuilder routes)
    {
        var dialect = routes.MapGroup(KnownPaths.Root).RequireAuthorization().AddEndpointFilter<RouteGroupBuilder, DialectEdge>().WithReference();
        ResponseEndpoints.Map(dialect);
        SocketEndpoints.Map(dialect);
        DraftEndpoints.Map(dialect);
        ConversationEndpoints.Map(dialect);
        ItemEndpoints.Map(dialect);
        ModelEndpoints.Map(dialect);
        dialect.MapFallback("{**rest}", (HttpContext http, KnownPaths paths) => paths.RefuseAsync(http));
        routes.MapReference();
        return routes;
    }
}
