using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Microsoft.Extensions.Options;

namespace Conversations.Client.OpenAI.Sockets;

/// <summary><c>WS /v1/responses</c>: turn after turn on one connection.</summary>
internal sealed class SocketEndpoints(
    Creations creations,
    ISessions sessions,
    PrivateSessions privates,
    Leavers leavers,
    IOptions<GatewayOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ResponseSocket> logger)
{
    // A caller that answers none of so many pings is gone, or reads nothing for as long.
    private const int PingsUnanswered = 4;

    public static void Map(IEndpointRouteBuilder routes) => routes.MapMethods(
        "/responses", [HttpMethods.Get, HttpMethods.Connect], (HttpContext http, SocketEndpoints sockets) => sockets.AcceptAsync(http));

    private async Task AcceptAsync(HttpContext http)
    {
        if (!http.WebSockets.IsWebSocketRequest)
        {
            http.Response.Headers.Allow = HttpMethods.Post;
            throw new DialectException(405, "method_not_allowed", "Send POST, or open a WebSocket.");
        }

        // What is wrong with the headers is said before the upgrade.
        var overlap = OverlapHeader.Read(http.Request.Headers[OverlapHeader.Name]);
        var cancels = OnDisconnect.Read(http.Request.Headers[OnDisconnect.Header]);
        using var socket = await http.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            KeepAliveInterval = options.Value.KeepAlive,
            KeepAliveTimeout = PingsUnanswered * options.Value.KeepAlive,
        });
        using var frames = new SocketFrames(socket, options.Value.MaxBodyBytes, http.RequestAborted);
        using var connection = new ResponseSocket(http, frames, overlap, cancels, creations, sessions, privates, leavers, lifetime, time, logger);
        await connection.RunAsync();
    }
}
