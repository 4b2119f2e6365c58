using System.Buffers;
using System.Net.WebSockets;

namespace Conversations.Client.OpenAI.Sockets;

/// <summary>A WebSocket as whole frames, each within a bound, sent one at a time: a reader that is slow holds up whoever sends.</summary>
internal sealed class SocketFrames(WebSocket socket, int maxBytes, CancellationToken aborted) : IDisposable
{
    private const int ReadAtOnce = 16 * 1024;
    private readonly SemaphoreSlim _sending = new(1, 1);

    /// <summary>The next frame; null: the caller left, or sent more than it may.</summary>
    public async Task<SocketFrame?> ReceiveAsync()
    {
        var buffer = new ArrayBufferWriter<byte>();
        var isTooMuch = false;
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer.GetMemory(ReadAtOnce), aborted);
            if (read.MessageType == WebSocketMessageType.Close) return null;
            buffer.Advance(read.Count);
            if (buffer.WrittenCount > maxBytes && !isTooMuch)
            {
                isTooMuch = true;
                await CloseAsync(WebSocketCloseStatus.MessageTooBig, $"A frame has at most {maxBytes} bytes: send less at once.");
            }

            if (isTooMuch)
            {
                // Until the caller has read that: to hang up now could lose it on the way.
                buffer.ResetWrittenCount();
                continue;
            }

            if (read.EndOfMessage) return new SocketFrame(read.MessageType == WebSocketMessageType.Text, buffer.WrittenMemory);
        }
    }

    /// <summary>Sends a text; returns when it is on its way.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> utf8)
    {
        await _sending.WaitAsync(aborted);
        try
        {
            // To give up in the middle of a frame breaks the connection: that is for a caller that is gone.
            await socket.SendAsync(utf8, WebSocketMessageType.Text, endOfMessage: true, aborted);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Says that nothing more comes, and why.</summary>
    public async Task CloseAsync(WebSocketCloseStatus status, string reason)
    {
        await _sending.WaitAsync(aborted);
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived) await socket.CloseOutputAsync(status, reason, aborted);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Hangs up.</summary>
    public void Abort() => socket.Abort();

    public void Dispose() => _sending.Dispose();
}

/// <summary>A frame that a caller sent.</summary>
/// <param name="IsText">Whether it is text.</param>
/// <param name="Bytes">What it holds.</param>
internal readonly record struct SocketFrame(bool IsText, ReadOnlyMemory<byte> Bytes);
