using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Conversations.Load.Targets;

/// <summary>Turns over HTTP: one connection a session, kept open, as a caller's pool does.</summary>
internal sealed class HttpTurns : ITurns
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan })
    {
        Timeout = TimeSpan.FromMinutes(2),
    };

    private readonly IHttpWire _wire;
    private readonly Uri _url;
    private readonly string _run;

    /// <param name="wire">What is sent, and what is to come.</param>
    /// <param name="url">Where it is sent.</param>
    /// <param name="key">The caller's key, if the server wants one.</param>
    /// <param name="run">What the names of the sessions begin with.</param>
    public HttpTurns(IHttpWire wire, Uri url, string? key, string run)
    {
        (_wire, _url, _run) = (wire, url, run);
        if (key is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    public async Task SayAsync(int session, string text, CancellationToken stop)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{_run}-{session}");
        using var request = new HttpRequestMessage(HttpMethod.Post, _url)
        {
            Version = HttpVersion.Version11,
            Content = new ByteArrayContent(_wire.Ask(name, text)) { Headers = { ContentType = Json } },
        };
        using var response = await _http.SendAsync(request, stop);
        var body = await response.Content.ReadAsByteArrayAsync(stop);
        if (response.StatusCode != HttpStatusCode.OK || !_wire.IsAnswer(body))
        {
            throw new TurnException($"A turn was answered {(int)response.StatusCode}: {Encoding.UTF8.GetString(body)}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }
}
