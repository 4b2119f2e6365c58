using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>Somebody who speaks the dialect by hand to one gateway, with one key.</summary>
internal sealed class Caller(Uri gateway, string? key)
{
    public const string DevelopmentKey = "dev-key";

    // A connection each: none was left behind by a gateway that is gone.
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.Zero })
    {
        Timeout = Deadline.Length,
    };

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path, null);

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null);

    public Task<Answer> PutAsync(string path) => SendAsync(HttpMethod.Put, path, null);

    public Task<Answer> PostAsync(string path, JsonObject? body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body, headers);

    /// <summary>One turn in a session, not streamed.</summary>
    public Task<Answer> SayAsync(string session, string text, params (string Name, string Value)[] headers) =>
        PostAsync("responses", Turn(session, text), headers);

    /// <summary>One turn in a session, streamed.</summary>
    public Task<LiveStream> StreamAsync(string session, string text, params (string Name, string Value)[] headers)
    {
        var body = Turn(session, text);
        body["stream"] = true;
        return OpenAsync(HttpMethod.Post, "responses", body, headers);
    }

    /// <summary>A turn's stream, from after an event, or from its start.</summary>
    public Task<LiveStream> ResumeAsync(string response, int? after = null) =>
        OpenAsync(HttpMethod.Get, $"responses/{response}?stream=true{(after is null ? "" : $"&starting_after={after}")}", null);

    /// <summary>A session's own stream, after a place, or from its start.</summary>
    public Task<LiveStream> WatchAsync(string session, string? after = null) =>
        OpenAsync(HttpMethod.Get, $"conversations/{session}/events", null, after is null ? [] : [("Last-Event-ID", after)]);

    /// <summary>The whole history, oldest first, in words.</summary>
    public async Task<IReadOnlyList<string>> TranscriptAsync(string session) =>
        Items.Describe((await GetAsync($"conversations/{session}/items?order=asc&limit=100")).Ok().Body["data"]!.AsArray());

    /// <summary>The name of the silo that hosts the session, or did last.</summary>
    public async Task<string> SiloOfAsync(string session) =>
        (await GetAsync($"conversations/{session}")).Ok().Silo ?? throw new InvalidOperationException("No silo was named.");

    public static JsonObject Turn(string session, string text) => new() { ["conversation"] = session, ["input"] = text };

    /// <summary>Any request.</summary>
    public async Task<Answer> SendAsync(HttpMethod method, string path, JsonObject? body, params (string Name, string Value)[] headers)
    {
        using var response = await SendAsync(Request(method, path, body, headers), HttpCompletionOption.ResponseContentRead);
        return await Answer.OfAsync(response, CancellationToken.None);
    }

    /// <summary>Any request that is answered by events.</summary>
    public async Task<LiveStream> OpenAsync(HttpMethod method, string path, JsonObject? body, params (string Name, string Value)[] headers)
    {
        var response = await SendAsync(Request(method, path, body, headers), HttpCompletionOption.ResponseHeadersRead);
        if (!response.IsSuccessStatusCode) Assert.Fail(await response.Content.ReadAsStringAsync());
        return new LiveStream(response, await response.Content.ReadAsStreamAsync());
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, HttpCompletionOption completion)
    {
        using (request) return await Http.SendAsync(request, completion);
    }

    private HttpRequestMessage Request(HttpMethod method, string path, JsonObject? body, (string Name, string Value)[] headers)
    {
        // As written: a client that tidies ".." away would hide what the server makes of it.
        var url = new Uri($"{gateway.GetLeftPart(UriPartial.Authority)}/v1/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var request = new HttpRequestMessage(method, url) { Content = body is null ? null : JsonContent.Create(body) };
        if (key is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return request;
    }
}
