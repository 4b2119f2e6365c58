using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.BadInput;

/// <summary>
/// Somebody who sends anything at all, quickly, and lets no answer pass that is a fault of the server's or an error of another shape.
/// </summary>
internal sealed class Prober(Uri gateway) : IDisposable
{
    // Bytes are written as they come: what a header may hold is the server's to say.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, RequestHeaderEncodingSelector = (_, _) => Encoding.UTF8 })
    {
        Timeout = Deadline.Length,
    };

    public Task<(int Status, JsonObject? Body)> PostAsync(string path, JsonNode body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, body.ToJsonString(), headers);

    public Task<(int Status, JsonObject? Body)> SendAsync(HttpMethod method, string path, string? body = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"), headers);

    /// <summary>Sends it; the body is null for a stream of events, which is not read.</summary>
    public async Task<(int Status, JsonObject? Body)> SendAsync(HttpMethod method, string path, HttpContent? content, (string Name, string Value)[] headers)
    {
        var url = new Uri($"{gateway.GetLeftPart(UriPartial.Authority)}/v1/{path}", new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        using var request = new HttpRequestMessage(method, url) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Caller.DevelopmentKey);
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response is { IsSuccessStatusCode: true, Content.Headers.ContentType.MediaType: "text/event-stream" }) return ((int)response.StatusCode, null);
        var text = await response.Content.ReadAsStringAsync();
        Check((int)response.StatusCode, text);
        return ((int)response.StatusCode, text.Length == 0 ? null : JsonNode.Parse(text)!.AsObject());
    }

    public void Dispose() => _http.Dispose();

    /// <summary>What every answer has to be.</summary>
    public static void Check(int status, string text)
    {
        Assert.True(status < 500, $"{status} {text}");
        // Some requests never reach us: the web server's own refusals have no body.
        if (status < 400 || text.Length == 0) return;
        var error = JsonElement.Parse(text).GetProperty("error");
        Assert.Equal(["code", "message", "param", "type"], error.EnumerateObject().Select(member => member.Name).Order());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal("invalid_request_error", error.GetProperty("type").GetString());
    }
}
