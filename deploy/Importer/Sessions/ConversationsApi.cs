using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Polly;
using Polly.Retry;

namespace Conversations.Importer.Sessions;

/// <summary>The two calls of the service that an import needs. What another try may cure is tried again for about a minute.</summary>
internal sealed class ConversationsApi : IDisposable
{
    private const int PageItems = 100;
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http;
    private readonly Uri _service;
    private readonly ResiliencePipeline<HttpResponseMessage> _patience = new ResiliencePipelineBuilder<HttpResponseMessage>()
        .AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            ShouldHandle = tried => ValueTask.FromResult(
                tried.Outcome.Exception is HttpRequestException || tried.Outcome.Result?.StatusCode is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError),
            MaxRetryAttempts = 10,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(250),
            MaxDelay = LongestPause,
            DelayGenerator = tried => ValueTask.FromResult(tried.Outcome.Result?.Headers.RetryAfter?.Delta),
        })
        .Build();

    public ConversationsApi(Uri service, string key)
    {
        _service = service;
        _http = new HttpClient { Timeout = TimeSpan.FromMinutes(2) };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>A page of a conversation's items, oldest first, after this one; none if there is no such conversation.</summary>
    public async Task<(JsonArray Items, bool HasMore)> ItemsAsync(string conversation, string? after, CancellationToken cancellationToken)
    {
        var query = $"?order=asc&limit={PageItems.ToString(CultureInfo.InvariantCulture)}{(after is null ? "" : $"&after={after}")}";
        using var answer = await SendAsync(() => new HttpRequestMessage(HttpMethod.Get, Items(conversation, query)), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.NotFound && after is null) return ([], false);
        if (!answer.IsSuccessStatusCode) throw await ErrorAsync(answer, cancellationToken);
        var page = (await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!;
        return (page["data"]!.AsArray(), (bool)page["has_more"]!);
    }

    /// <summary>Appends items to a conversation that has this many, and makes it if there is none.</summary>
    /// <returns>The id of the last one; null: the conversation has another number, or is in use.</returns>
    /// <exception cref="RefusedException">The service does not take them.</exception>
    public async Task<string?> AppendAsync(string conversation, JsonArray items, long expectedSeq, string idempotencyKey, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["items"] = items.DeepClone(), ["expected_seq"] = expectedSeq };
        using var answer = await SendAsync(
            () => new HttpRequestMessage(HttpMethod.Post, Items(conversation, ""))
            {
                Content = JsonContent.Create(body),
                Headers = { { "Idempotency-Key", idempotencyKey } },
            },
            cancellationToken);
        if (answer.IsSuccessStatusCode) return (string?)(await answer.Content.ReadFromJsonAsync<JsonNode>(cancellationToken))!["last_id"];
        if (answer.StatusCode is HttpStatusCode.PreconditionFailed or HttpStatusCode.Conflict) return null;
        throw await ErrorAsync(answer, cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private Uri Items(string conversation, string query) => new(_service, $"/v1/conversations/{Uri.EscapeDataString(conversation)}/items{query}");

    private async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, CancellationToken cancellationToken)
    {
        try
        {
            return await _patience.ExecuteAsync(
                async token =>
                {
                    using var message = request();
                    return await _http.SendAsync(message, token);
                },
                cancellationToken);
        }
        catch (HttpRequestException fault)
        {
            throw new ImportException($"{_service} does not answer: {fault.Message}", fault);
        }
    }

    private static async Task<Exception> ErrorAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        var said = await answer.Content.ReadAsStringAsync(cancellationToken);
        string reason;
        try
        {
            reason = (string?)JsonNode.Parse(said)?["error"]?["message"] ?? "it did not say why.";
        }
        catch (System.Text.Json.JsonException)
        {
            reason = "it did not say why.";
        }

        return answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError
            ? new ImportException($"The service answered {(int)answer.StatusCode}: {reason}")
            : new RefusedException($"{(int)answer.StatusCode}: {reason}");
    }
}
