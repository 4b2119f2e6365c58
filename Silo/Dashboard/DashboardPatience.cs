using Conversations.Client.Sessions;

namespace Conversations.Silo.Dashboard;

/// <summary>
/// Asks again while a silo's death is not yet known. What the dashboard shows is gathered by one grain from every silo, so any silo that
/// has just died fails the request, and an operator looks exactly then.
/// </summary>
internal sealed partial class DashboardPatience(TimeProvider time, ILogger<DashboardPatience> logger) : IEndpointFilter
{
    // Longer than either membership profile takes to declare a silo dead.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        Exception? last = null;
        using var patience = new CancellationTokenSource(Patience, time);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, context.HttpContext.RequestAborted);
        try
        {
            while (true)
            {
                try
                {
                    // A call to a silo that hangs is abandoned: all it would do is make an answer.
                    var answer = await next(context).AsTask().WaitAsync(stop.Token);
                    if (answer is not IStatusCodeHttpResult { StatusCode: StatusCodes.Status503ServiceUnavailable }) return answer;
                }
                catch (Exception fault) when (PassingFault.Is(fault))
                {
                    last = fault;
                }

                await Task.Delay(Pause, time, stop.Token);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            LogGivenUp(logger, last);
            context.HttpContext.Response.Headers.RetryAfter = "1";
            return Results.Text("A silo does not answer just now: ask again in a moment.", statusCode: StatusCodes.Status503ServiceUnavailable);
        }
    }
}
