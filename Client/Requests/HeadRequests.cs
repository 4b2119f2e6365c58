namespace Conversations.Client.Requests;

/// <summary>Serves HEAD as GET; the server leaves the body out, having seen the method before.</summary>
internal sealed class HeadRequests(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext http)
    {
        if (!HttpMethods.IsHead(http.Request.Method))
        {
            await next(http);
            return;
        }

        http.Features.Set(this);
        http.Request.Method = HttpMethods.Get;
        try
        {
            await next(http);
        }
        finally
        {
            http.Request.Method = HttpMethods.Head;
        }
    }

    /// <summary>Whether nobody will see the body: what would be long need not be written.</summary>
    public static bool Is(HttpContext http) => http.Features.Get<HeadRequests>() is not null;
}
