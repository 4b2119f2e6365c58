using Conversations.Client.OpenAI.Errors;
using Conversations.Client.Requests;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Conversations.Client.OpenAI;

/// <summary>The HTTP dialect under <c>/v1</c>.</summary>
internal static class OpenAIModule
{
    public static IServiceCollection AddOpenAI(this IServiceCollection services)
    {
        services.TryAddSingleton<ItemAppends>();
        services.TryAddSingleton<EventStream>();
        services.TryAddSingleton<Leavers>();
        services.TryAddSingleton<ResponseEndpoints>();
        services.TryAddSingleton<DraftEndpoints>();
        services.TryAddSingleton<ConversationEndpoints>();
        services.TryAddSingleton<ItemEndpoints>();
        services.TryAddSingleton<ModelEndpoints>();
        return services;
    }

    public static IEndpointRouteBuilder MapOpenAI(this IEndpointRouteBuilder routes)
    {
        var dialect = routes.MapGroup("/v1").RequireAuthorization().AddEndpointFilter<RouteGroupBuilder, DialectEdge>();
        ResponseEndpoints.Map(dialect);
        DraftEndpoints.Map(dialect);
        ConversationEndpoints.Map(dialect);
        ItemEndpoints.Map(dialect);
        ModelEndpoints.Map(dialect);
        dialect.MapFallback("{**rest}", (HttpContext http) => new DialectError(
            404, "unknown_url", $"There is no {http.Request.Method} {http.Request.Path} here.").WriteAsync(http));
        return routes;
    }
}
