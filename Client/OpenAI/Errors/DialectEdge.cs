using Conversations.Client.Requests;
using Conversations.Sessions;

namespace Conversations.Client.OpenAI.Errors;

/// <summary>Turns whatever flies out of an endpoint of the dialect into an answer, and logs a fault once.</summary>
internal sealed partial class DialectEdge(ILogger<DialectEdge> logger) : IEndpointFilter
{
    public const int CallerLeft = 499;

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            if (!http.Response.HasStarted) http.Response.StatusCode = CallerLeft;
            return Results.Empty;
        }
        catch (Exception exception)
        {
            var error = exception is RefusalException { Code: RefusalCode.SessionNotFound } && RequestScope.Of(http)?.Session is { } session
                ? Refusals.ConversationNotFound(session)
                : Refusals.ErrorOf(exception);
            http.ServedBy((exception as RefusalException)?.Silo);
            if (error.Status >= 500) LogFault(logger, exception);
            if (http.Response.HasStarted) http.Abort();
            else await error.WriteAsync(http);
            return Results.Empty;
        }
    }
}
