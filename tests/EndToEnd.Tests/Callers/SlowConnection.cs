using System.Net.Http.Headers;
using System.Net.Sockets;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>A connection of its own whose receive buffer is as small as the system lets it be: what its caller does not read, the gateway keeps.</summary>
internal sealed class SlowConnection : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, ConnectCallback = ConnectAsync }) { Timeout = Deadline.Length };

    /// <summary>The turn's stream from its start, of which nothing is read yet.</summary>
    public async Task<LiveStream> WatchAsync(Uri gateway, string response)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway, $"/v1/responses/{response}?stream=true"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Caller.DevelopmentKey);
        var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        return new LiveStream(answer.EnsureSuccessStatusCode(), await answer.Content.ReadAsStreamAsync());
    }

    public void Dispose() => _http.Dispose();

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        // Before it connects: afterwards the window has been offered.
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 1 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
