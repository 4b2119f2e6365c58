using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Conversations.Unit.Tests.Client.OpenAI.Sockets;

/// <summary>Somebody at the other end of a WebSocket.</summary>
internal sealed class SocketCaller : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private readonly CancellationTokenSource _ends = new(Long);

    public ClientWebSocket Socket { get; } = new();

    /// <summary>Opens a connection.</summary>
    public static async Task<SocketCaller> OpenAsync(Uri url, string? key = "dev-key", params (string Name, string Value)[] headers)
    {
        var caller = new SocketCaller();
        caller.Socket.Options.CollectHttpResponseDetails = true;
        if (key is not null) caller.Socket.Options.SetRequestHeader("Authorization", $"Bearer {key}");
        foreach (var (name, value) in headers) caller.Socket.Options.SetRequestHeader(name, value);
        await caller.Socket.ConnectAsync(new UriBuilder(new Uri(url, "responses")) { Scheme = "ws" }.Uri, caller._ends.Token);
        return caller;
    }

    public Task SendAsync(string text, WebSocketMessageType type = WebSocketMessageType.Text) =>
        Socket.SendAsync(Encoding.UTF8.GetBytes(text), type, endOfMessage: true, _ends.Token);

    /// <summary>Asks for a response.</summary>
    public Task CreateAsync(string members) => SendAsync($$"""{"type": "response.create", {{members}}}""");

    /// <summary>The next frame; null: the other side closed.</summary>
    public async Task<JsonObject?> NextAsync()
    {
        using var frame = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var read = await Socket.ReceiveAsync(buffer, _ends.Token);
            if (read.MessageType == WebSocketMessageType.Close) return null;
            frame.Write(buffer, 0, read.Count);
            if (read.EndOfMessage) return JsonNode.Parse(frame.ToArray())!.AsObject();
        }
    }

    /// <summary>All frames up to the end of a response, or an error.</summary>
    public async Task<IReadOnlyList<JsonObject>> ToEndAsync()
    {
        var frames = new List<JsonObject>();
        while (await NextAsync() is { } frame)
        {
            frames.Add(frame);
            if ((string?)frame["type"] is "response.completed" or "response.failed" or "response.incomplete" or "error") break;
        }

        return frames;
    }

    public Task CloseAsync() => Socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, _ends.Token);

    public void Dispose()
    {
        Socket.Dispose();
        _ends.Dispose();
    }
}
