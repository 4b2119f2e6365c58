using Conversations.Sessions;
using Microsoft.Extensions.Options;

namespace Conversations.Client.Requests;

/// <summary>Names a request, has every line about it carry that name, tells the silos, and writes one line when it is done.</summary>
internal sealed partial class RequestLog(RequestDelegate next, IOptions<GatewayOptions> options, TimeProvider time, ILogger<RequestLog> logger)
{
    /// <summary>Whether a request is one of the gateway's, and not of whatever else its process serves.</summary>
    public static bool Concerns(HttpContext context) =>
        context.Request.Path.StartsWithSegments("/v1", StringComparison.Ordinal)
        || context.Request.ContentType?.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase) == true;

    public async Task InvokeAsync(HttpContext context)
    {
        var began = time.GetTimestamp();
        var scope = new RequestScope(options.Value.Name, RequestId.Of(context.Request, time));
        context.Features.Set(scope);
        context.Response.Headers[RequestId.Header] = scope.RequestId;
        CallerContext.RequestId = scope.RequestId;
        using (logger.BeginScope(scope))
        {
            try
            {
                await next(context);
            }
            finally
            {
                var template = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "(none)";
                var elapsed = time.GetElapsedTime(began).TotalMilliseconds;
                LogDone(logger, context.Request.Method, template, context.Response.StatusCode, elapsed);
            }
        }
    }
}
