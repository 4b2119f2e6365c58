using System.Buffers;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.OpenAI.Wire;
using Conversations.Client.Requests;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Options;

namespace Conversations.Client.OpenAI;

/// <summary>
/// Writes events to a caller as they come, for as long as the caller stays. When this process stops, the connection breaks
/// off, so that the caller knows that there is more and asks another gateway for it.
/// </summary>
internal sealed partial class EventStream(
    IOptions<GatewayOptions> options, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<EventStream> logger)
{
    private const int FlushBytes = 16 * 1024;

    /// <summary>Writes one turn's events.</summary>
    /// <param name="http">The request.</param>
    /// <param name="key">The turn's session.</param>
    /// <param name="after">The number of the last event that the caller has; -1: none.</param>
    /// <param name="follow">The events after it.</param>
    public Task WriteAsync(HttpContext http, SessionKey key, int after, Func<CancellationToken, IAsyncEnumerable<TurnEvent>> follow) =>
        WriteAsync(http, after < 0, ends => follow(ends).Select(shown => new StreamedEvent(shown.Number, EventShape.Of(key, shown))));

    /// <summary>Writes events.</summary>
    /// <param name="http">The request.</param>
    /// <param name="hasFirst">Whether the first event is there already: then the stream begins with it, in one packet. Otherwise it begins now.</param>
    /// <param name="follow">The events.</param>
    public async Task WriteAsync(HttpContext http, bool hasFirst, Func<CancellationToken, IAsyncEnumerable<StreamedEvent>> follow)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        using var frame = new EventFrame();
        if (!http.Response.HasStarted) Begin(http);
        if (HeadRequests.Is(http)) return;
        var last = -1;
        try
        {
            if (!hasFirst) await http.Response.BodyWriter.FlushAsync(ends.Token);
            await foreach (var shown in PacedAsync(http, follow(ends.Token), ends.Token))
            {
                last = shown.Number;
                if (shown.Written is { } written) http.Response.BodyWriter.Write(frame.Write(written, shown.Id));
            }
        }
        catch (Exception) when (ends.IsCancellationRequested)
        {
            http.Abort();
            return;
        }
        catch (Exception exception)
        {
            Tell(http, frame, last + 1, exception);
        }

        await EndAsync(http);
    }

    /// <summary>
    /// Waits for what comes before the first event. Past the first silence the stream begins, so that the caller knows that it is not
    /// forgotten; until then a refusal is a plain answer.
    /// </summary>
    public async Task<T> HoldAsync<T>(HttpContext http, Task<T> before)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        while (await IsSilentAsync(before, ends.Token))
        {
            if (!http.Response.HasStarted) Begin(http);
            http.Response.BodyWriter.Write(EventFrame.KeepAlive);
            await http.Response.BodyWriter.FlushAsync(ends.Token);
        }

        return await before;
    }

    /// <summary>Ends a stream whose first event will not come.</summary>
    public Task FailAsync(HttpContext http, Exception exception)
    {
        using var frame = new EventFrame();
        Tell(http, frame, 0, exception);
        return EndAsync(http);
    }

    private void Tell(HttpContext http, EventFrame frame, int number, Exception exception)
    {
        var error = Refusals.ErrorOf(exception);
        if (error.Status >= 500) LogFault(logger, exception);
        http.Response.BodyWriter.Write(frame.Write(EventShape.Error(number, error)));
    }

    private static async Task EndAsync(HttpContext http)
    {
        http.Response.BodyWriter.Write(EventFrame.Done);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    // Whether nothing came for so long that the caller must hear of it.
    private async Task<bool> IsSilentAsync(Task next, CancellationToken cancellationToken)
    {
        if (next.IsCompleted) return false;
        await next.WaitAsync(options.Value.KeepAlive, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !next.IsCompleted && !cancellationToken.IsCancellationRequested;
    }

    private static void Begin(HttpContext http)
    {
        http.Response.ContentType = "text/event-stream; charset=utf-8";
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    // What is written is flushed before a wait, and now and then when there is none.
    private async IAsyncEnumerable<StreamedEvent> PacedAsync(
        HttpContext http,
        IAsyncEnumerable<StreamedEvent> events,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var body = http.Response.BodyWriter;
        await using var source = events.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            var next = source.MoveNextAsync().AsTask();
            if (body.UnflushedBytes > (next.IsCompleted ? FlushBytes : 0)) await body.FlushAsync(cancellationToken);
            while (await IsSilentAsync(next, cancellationToken))
            {
                body.Write(EventFrame.KeepAlive);
                await body.FlushAsync(cancellationToken);
            }

            if (!await next) yield break;
            yield return source.Current;
        }
    }
}

/// <summary>An event on its way to a caller.</summary>
/// <param name="Number">Its number in its turn's stream.</param>
/// <param name="Written">What is written; null: nothing.</param>
/// <param name="Id">What a caller that lost the connection says it had last; null: it is not to be remembered.</param>
internal readonly record struct StreamedEvent(int Number, WireEvent? Written, string? Id = null);
