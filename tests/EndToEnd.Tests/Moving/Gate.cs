using Conversations.EndToEnd.Tests.Callers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Conversations.EndToEnd.Tests.Moving;

/// <summary>Stands between an import and a gateway, passes everything on, and keeps the answer to one append for itself.</summary>
internal sealed class Gate : IAsyncDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Deadline.Length };

    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly WebApplication _app;
    private readonly Uri _gateway;
    private readonly int _heldAppend;
    private int _appends;

    private Gate(WebApplication app, Uri gateway, int heldAppend) => (_app, _gateway, _heldAppend) = (app, gateway, heldAppend);

    public Uri Url => new(_app.Urls.First());

    /// <summary>Ends when the append was carried out and nobody will hear of it.</summary>
    public Task Held => _held.Task;

    public static async Task<Gate> StartAsync(Uri gateway, int heldAppend)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var gate = new Gate(app, gateway, heldAppend);
        app.Run(gate.PassAsync);
        await app.StartAsync();
        return gate;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task PassAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(new HttpMethod(context.Request.Method), new Uri(_gateway, $"{context.Request.Path.ToUriComponent()}{context.Request.QueryString}"));
        foreach (var name in (string[])["Authorization", "Idempotency-Key"])
        {
            if (context.Request.Headers[name].ToString() is { Length: > 0 } value) request.Headers.Add(name, value);
        }

        var isAppend = context.Request.Method == HttpMethods.Post;
        if (isAppend) request.Content = new StreamContent(context.Request.Body) { Headers = { { "Content-Type", "application/json" } } };
        using var answer = await Http.SendAsync(request);
        if (isAppend && Interlocked.Increment(ref _appends) == _heldAppend)
        {
            _held.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        await answer.Content.CopyToAsync(context.Response.Body);
    }
}
