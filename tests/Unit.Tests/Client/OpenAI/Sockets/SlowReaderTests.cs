using System.Net.WebSockets;
using System.Text;
using Conversations.Client.OpenAI.Sockets;

namespace Conversations.Unit.Tests.Client.OpenAI.Sockets;

public sealed class SlowReaderTests
{
    // Whoever makes events waits: nothing is kept for a caller that does not read.
    [Fact]
    public async Task SendAsync_CallerReadsNothing_ReturnsWhenItReads()
    {
        var socket = new UnreadSocket();
        using var frames = new SocketFrames(socket, 1_000, CancellationToken.None);
        var first = frames.SendAsync(Encoding.UTF8.GetBytes("one"));
        var second = frames.SendAsync(Encoding.UTF8.GetBytes("two"));

        Assert.Equal(["one"], socket.Sent);
        Assert.False(first.IsCompleted || second.IsCompleted);
        socket.Read.SetResult();
        await Task.WhenAll(first, second);
        Assert.Equal(["one", "two"], socket.Sent);
    }

    private sealed class UnreadSocket : WebSocket
    {
        public List<string> Sent { get; } = [];

        public TaskCompletionSource Read { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override WebSocketCloseStatus? CloseStatus => null;

        public override string? CloseStatusDescription => null;

        public override WebSocketState State => WebSocketState.Open;

        public override string? SubProtocol => null;

        public override Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
        {
            Sent.Add(Encoding.UTF8.GetString(buffer));
            return Read.Task;
        }

        public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) => throw new NotSupportedException();

        public override void Abort()
        {
        }

        public override void Dispose()
        {
        }
    }
}
