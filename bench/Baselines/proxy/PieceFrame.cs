using System.Buffers;
using System.Text.Json;

namespace Conversations.Proxy;

/// <summary>An event on the wire.</summary>
internal static class PieceFrame
{
    public static void Write(IBufferWriter<byte> body, Piece piece)
    {
        body.Write("event: "u8);
        body.Write(System.Text.Encoding.ASCII.GetBytes(piece.Type));
        body.Write("\ndata: "u8);
        body.Write(JsonSerializer.SerializeToUtf8Bytes(piece, PieceJson.Default.Piece));
        body.Write("\n\n"u8);
    }
}
