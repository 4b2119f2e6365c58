using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Conversations.Load.Streams;

/// <summary>
/// A model behind OpenAI's chat completions, streamed. Its name says what it does: <c>100x50</c> answers 100 tokens, one each 50 ms; with 0 ms
/// as fast as they are taken. Every token is a chunk of its own, and is sent at once.
/// </summary>
internal sealed class PacedModel : IAsyncDisposable
{
    /// <summary>What each token is.</summary>
    public const string Token = "word ";

    private static readonly byte[] Chunk = Frame($$"""{"index":0,"delta":{"content":"{{Token}}"},"finish_reason":null}""");
    private static readonly byte[] End = [.. Frame("""{"index":0,"delta":{},"finish_reason":"stop"}"""), .. "data: [DONE]\n\n"u8];

    private readonly WebApplication _app;

    private PacedModel(WebApplication app) => _app = app;

    /// <summary>The base address for <c>Agents:…:Endpoint</c>.</summary>
    public Uri Endpoint => new(_app.Urls.First() + "/v1/");

    public static async Task<PacedModel> StartAsync(CancellationToken stop)
    {
        // Empty: beside this program lie the hosts' settings, with ports of theirs.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.MapPost("/v1/chat/completions", AnswerAsync);
        await app.StartAsync(stop);
        return new PacedModel(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static async Task AnswerAsync(HttpContext http)
    {
        using var body = await JsonDocument.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted);
        var name = body.RootElement.GetProperty("model").GetString()!.Split('x');
        var (tokens, pause) = (int.Parse(name[0], CultureInfo.InvariantCulture), TimeSpan.FromMilliseconds(int.Parse(name[1], CultureInfo.InvariantCulture)));
        http.Response.ContentType = "text/event-stream";
        http.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < tokens; i++)
        {
            // The first at once; a late timer delays none but its own.
            if (i * pause - Stopwatch.GetElapsedTime(began) is { Ticks: > 0 } wait) await Task.Delay(wait, http.RequestAborted);
            await http.Response.Body.WriteAsync(Chunk, http.RequestAborted);
        }

        await http.Response.Body.WriteAsync(End, http.RequestAborted);
    }

    private static byte[] Frame(string choice) => System.Text.Encoding.UTF8.GetBytes(
        $$"""data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"paced","choices":[{{choice}}]}""" + "\n\n");
}
