using Microsoft.AspNetCore.Http;

namespace Conversations.Testing;

/// <summary>The scripted model fails here, in the way in which models do.</summary>
public sealed class ModelFault : Exception
{
    private readonly Func<HttpContext, Task> _show;

    /// <summary>Answers with this status instead; only before the first delta.</summary>
    public ModelFault(int status, params (string Name, string Value)[] headers)
        : this(async context =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            foreach (var (name, value) in headers) context.Response.Headers[name] = value;
            await context.Response.WriteAsync("""{"error":{"message":"scripted secret sk-123","type":"server_error"}}""");
        })
    {
    }

    private ModelFault(Func<HttpContext, Task> show) => _show = show;

    /// <summary>Breaks the connection; good headers are out by then.</summary>
    public static ModelFault Cut() => new(async context =>
    {
        await context.Response.StartAsync();
        await context.Response.Body.FlushAsync();
        context.Abort();
    });

    /// <summary>Breaks the connection before any header.</summary>
    public static ModelFault Refused() => new(context =>
    {
        context.Abort();
        return Task.CompletedTask;
    });

    /// <summary>Ends the body in good order, without the reply's end.</summary>
    public static ModelFault Truncated() => new(context => context.Response.StartAsync());

    /// <summary>Sends a chunk that is no JSON.</summary>
    public static ModelFault Malformed() => new(context => context.Response.WriteAsync("data: {\"choices\":[{\"delta\":{\"con\n\n"));

    internal Task ShowAsync(HttpContext context) => _show(context);
}
