using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Conversations.Testing;

/// <summary>
/// A model behind the real wire (OpenAI chat completions, streamed) whose every reply the test writes. It keeps what it was handed.
/// </summary>
public sealed class ScriptedModel : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ModelRequest> _requests = new();
    private volatile Func<ModelRequest, CancellationToken, IAsyncEnumerable<string>> _reply = (request, _) => Words($"echo: {request.LastUser}");

    private volatile Func<ModelRequest, CancellationToken, IAsyncEnumerable<JsonObject>>? _raw;

    private ScriptedModel(WebApplication app) => _app = app;

    /// <summary>The base address for <c>Agents:…:Endpoint</c>.</summary>
    public Uri Endpoint { get; private set; } = null!;

    /// <summary>Every call so far, in the order of arrival.</summary>
    public IReadOnlyList<ModelRequest> Requests => [.. _requests];

    /// <summary>Lets go of the calls so far.</summary>
    public void Forget() => _requests.Clear();

    public static async Task<ScriptedModel> StartAsync()
    {
        // Empty: beside the tests lie the hosts' settings, with ports of theirs.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var model = new ScriptedModel(app);
        app.MapPost("/v1/chat/completions", model.AnswerAsync);
        await app.StartAsync();
        model.Endpoint = new Uri(app.Urls.First() + "/v1");
        return model;
    }

    /// <summary>Answers with these pieces of text from now on.</summary>
    public void Reply(Func<ModelRequest, CancellationToken, IAsyncEnumerable<string>> reply) => (_raw, _reply) = (null, reply);

    /// <summary>Answers with these raw deltas of the wire from now on.</summary>
    public void ReplyRaw(Func<ModelRequest, CancellationToken, IAsyncEnumerable<JsonObject>> reply) => _raw = reply;

    /// <summary>The raw delta of a whole function call.</summary>
    public static JsonObject Call(int index, string id, string name, string arguments) => new()
    {
        ["tool_calls"] = new JsonArray(new JsonObject
        {
            ["index"] = index,
            ["id"] = id,
            ["type"] = "function",
            ["function"] = new JsonObject { ["name"] = name, ["arguments"] = arguments },
        }),
    };

    /// <summary>Answers with this text, word by word, from now on.</summary>
    public void Reply(Func<ModelRequest, string> reply) => Reply((request, _) => Words(reply(request)));

    public static async IAsyncEnumerable<string> Words(string text)
    {
        await Task.Yield();
        foreach (var (index, word) in text.Split(' ').Index()) yield return index == 0 ? word : " " + word;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        var body = (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted))!.AsObject();
        var request = new ModelRequest(body, context.RequestAborted);
        _requests.Enqueue(request);
        context.Response.ContentType = "text/event-stream";
        context.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        var output = 0;
        try
        {
            var called = false;
            var deltas = _raw?.Invoke(request, context.RequestAborted) ?? AsDeltas(_reply(request, context.RequestAborted));
            await foreach (var delta in deltas.WithCancellation(context.RequestAborted))
            {
                output++;
                called |= delta.ContainsKey("tool_calls");
                await SendAsync(context, delta, null, null);
            }

            await SendAsync(context, [], called ? "tool_calls" : "stop", null);
            await SendAsync(context, null, null, (request.Messages.Count, output));
            await context.Response.WriteAsync("data: [DONE]\n\n");
        }
        catch (OperationCanceledException)
        {
            request.Abandon();
        }
        catch (ModelFault fault)
        {
            await fault.ShowAsync(context);
        }
    }

    private static async IAsyncEnumerable<JsonObject> AsDeltas(IAsyncEnumerable<string> pieces)
    {
        await foreach (var piece in pieces) yield return new JsonObject { ["content"] = piece };
    }

    private static async Task SendAsync(HttpContext context, JsonObject? delta, string? finish, (int Input, int Output)? usage)
    {
        var chunk = new JsonObject
        {
            ["id"] = "chatcmpl-1",
            ["object"] = "chat.completion.chunk",
            ["created"] = 1,
            ["model"] = "scripted",
            ["choices"] = delta is null
                ? new JsonArray()
                : new JsonArray(new JsonObject { ["index"] = 0, ["delta"] = delta, ["finish_reason"] = finish }),
            ["usage"] = usage is { } used
                ? new JsonObject
                {
                    ["prompt_tokens"] = used.Input,
                    ["completion_tokens"] = used.Output,
                    ["total_tokens"] = used.Input + used.Output,
                }
                : null,
        };
        await context.Response.WriteAsync($"data: {chunk.ToJsonString()}\n\n");
        await context.Response.Body.FlushAsync();
    }
}

/// <summary>One call of the <see cref="ScriptedModel"/>.</summary>
public sealed class ModelRequest(JsonObject body, CancellationToken aborted)
{
    private readonly TaskCompletionSource _abandoned = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JsonObject Body => body;

    /// <summary>Cancelled when the caller hung up.</summary>
    public CancellationToken Aborted => aborted;

    /// <summary>Ends when the caller has hung up before the end.</summary>
    public Task Abandoned => _abandoned.Task;

    /// <summary>The messages handed over, as <c>role: text</c>.</summary>
    public IReadOnlyList<string> Messages =>
        [.. body["messages"]!.AsArray().Select(m => $"{(string)m!["role"]!}: {TextOf(m["content"])}{CallsOf(m["tool_calls"])}")];

    /// <summary>The last thing that the user said; empty if they said nothing.</summary>
    public string LastUser => Messages.LastOrDefault(m => m.StartsWith("user: ", StringComparison.Ordinal))?["user: ".Length..] ?? "";

    internal void Abandon() => _abandoned.TrySetResult();

    private static string CallsOf(JsonNode? calls) => calls is JsonArray array
        ? string.Concat(array.Select(c => $"{(string)c!["function"]!["name"]!}({(string)c["function"]!["arguments"]!})#{(string)c["id"]!}"))
        : "";

    private static string TextOf(JsonNode? content) => content switch
    {
        JsonValue value => value.GetValue<string>(),
        JsonArray parts => string.Concat(parts.Select(p => (string?)p!["text"])),
        _ => "",
    };
}
