using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Conversations.Chaos.Workload;

/// <summary>The HTTP of one tenant through one gateway. It tries nothing twice.</summary>
internal sealed class Wire(string name, Uri gateway, string key) : IDisposable
{
    // Connections are not kept for long: a gateway that was killed and came back is another one.
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionLifetime = TimeSpan.FromSeconds(10) })
    {
        Timeout = TimeSpan.FromSeconds(40),
    };

    public string Name => name;

    public async Task<WireAnswer> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken stop, params (string Name, string? Value)[] headers)
    {
        try
        {
            using var request = Request(method, path, body, headers);
            using var response = await _http.SendAsync(request, stop);
            return new WireAnswer((int)response.StatusCode, Parse(await response.Content.ReadAsStringAsync(stop)));
        }
        catch (Exception fault) when (IsLost(fault, stop))
        {
            return new WireAnswer(0, null);
        }
    }

    /// <summary>Opens a stream; null if no answer came.</summary>
    public async Task<HttpResponseMessage?> OpenAsync(HttpMethod method, string path, JsonObject? body, CancellationToken stop, params (string Name, string? Value)[] headers)
    {
        try
        {
            using var request = Request(method, path, body, headers);
            return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        }
        catch (Exception fault) when (IsLost(fault, stop))
        {
            return null;
        }
    }

    public void Dispose() => _http.Dispose();

    public static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Whether a connection was lost, rather than the caller stopped.</summary>
    public static bool IsLost(Exception fault, CancellationToken stop) =>
        fault is HttpRequestException or IOException or SocketException || (fault is OperationCanceledException && !stop.IsCancellationRequested);

    private HttpRequestMessage Request(HttpMethod method, string path, JsonObject? body, (string Name, string? Value)[] headers)
    {
        // What has no body HttpClient sends again by itself if its connection breaks, up to four times, and tells of the last answer alone:
        // of an item that is gone since the first.
        if (method != HttpMethod.Get) body ??= new JsonObject();
        var request = new HttpRequestMessage(method, new Uri(gateway, $"/v1/{path}")) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        foreach (var (header, value) in headers)
        {
            if (value is not null) request.Headers.Add(header, value);
        }

        return request;
    }
}
