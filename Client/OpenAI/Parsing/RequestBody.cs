using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using System.Text.Unicode;
using Conversations.Client.OpenAI.Errors;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads a request's body: JSON within its bound, well formed to the last string, each key once.</summary>
internal static class RequestBody
{
    private const int MaxDepth = 64;

    /// <summary>Reads the body of a request that must have one.</summary>
    /// <exception cref="DialectException">It is too large, or no JSON object.</exception>
    public static async Task<RequestNode> ReadAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken) =>
        Parse(await BytesAsync(request, maxBytes, cancellationToken), ReadsOf(request));

    /// <summary>As above; nothing of the body stays but what <paramref name="read"/> makes of it, so that nothing need be copied.</summary>
    public static async Task<T> ReadAsync<T>(HttpRequest request, int maxBytes, Func<RequestNode, T> read, CancellationToken cancellationToken)
    {
        var body = await WholeAsync(request, maxBytes, cancellationToken);
        var joined = body.IsSingleSegment ? null : ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            if (joined is not null) body.CopyTo(joined);
            using var document = Document(joined is null ? body.First : joined.AsMemory(0, (int)body.Length));
            return read(new RequestNode(document.RootElement, "", ReadsOf(request)).Object());
        }
        finally
        {
            if (joined is not null) ArrayPool<byte>.Shared.Return(joined, clearArray: true);
            request.BodyReader.AdvanceTo(body.End);
        }
    }

    /// <summary>As <see cref="ReadAsync(HttpRequest, int, CancellationToken)"/>; an empty body is an empty object.</summary>
    public static async Task<RequestNode> ReadOptionalAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        var bytes = await BytesAsync(request, maxBytes, cancellationToken);
        return Parse(bytes.Length == 0 ? "{}"u8.ToArray() : bytes, ReadsOf(request));
    }

    /// <summary>Reads a body that is in memory.</summary>
    public static RequestNode Parse(ReadOnlyMemory<byte> utf8, MembersRead? reads = null)
    {
        using var document = Document(utf8);
        return new RequestNode(document.RootElement.Clone(), "", reads).Object();
    }

    private static JsonDocument Document(ReadOnlyMemory<byte> utf8)
    {
        if (utf8.Span.StartsWith("\uFEFF"u8)) utf8 = utf8[3..];
        if (!Utf8.IsValid(utf8.Span)) throw Invalid("The body is not UTF-8", FaultyMember.NameIn(utf8.Span, MaxDepth), ".");
        try
        {
            if (utf8.Span.Contains((byte)'\\')) RefuseUnpaired(utf8.Span);
            return JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = MaxDepth, AllowDuplicateProperties = false });
        }
        catch (JsonException malformed)
        {
            var place = malformed.LineNumber is { } line ? $" (line {line + 1}, byte {malformed.BytePositionInLine + 1})" : "";
            throw Invalid(
                $"The body is not JSON that can be read{place}",
                FaultyMember.NameIn(utf8.Span, MaxDepth),
                $": send one well-formed object, at most {MaxDepth} deep, without duplicate members.");
        }
    }

    private static MembersRead? ReadsOf(HttpRequest request) => request.HttpContext.Features.Get<MembersRead>();

    private static DialectException Invalid(string what, string? param, string advice) =>
        new(400, "invalid_json", what + (param is null ? "" : $", in '{param}'") + advice, param);

    // What cannot be stored or said in UTF-8 can only be written as an escape; the name of the outermost member is told.
    private static void RefuseUnpaired(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        string? param = null;
        while (reader.Read())
        {
            var isName = reader.TokenType == JsonTokenType.PropertyName;
            if (!isName && reader.TokenType != JsonTokenType.String) continue;
            if (reader.ValueIsEscaped && !IsSound(ref reader))
            {
                throw new DialectException(
                    400, "invalid_value", $"A string in '{param ?? "the body"}' holds U+0000 or half of a surrogate pair: leave it out.", param);
            }

            if (isName && reader.CurrentDepth == 1) param = reader.GetString();
        }
    }

    private static bool IsSound(ref Utf8JsonReader reader)
    {
        try
        {
            return !reader.GetString()!.Contains('\0', StringComparison.Ordinal);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<byte[]> BytesAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        var body = await WholeAsync(request, maxBytes, cancellationToken);
        var bytes = body.ToArray();
        request.BodyReader.AdvanceTo(body.End);
        return bytes;
    }

    private static async Task<ReadOnlySequence<byte>> WholeAsync(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && !encoding.Equals("identity", StringComparison.OrdinalIgnoreCase))
        {
            throw new DialectException(400, "unsupported_value", $"A body in the Content-Encoding '{encoding}' is not read: send it as it is.", "Content-Encoding");
        }

        if (request.ContentLength > maxBytes) throw TooLarge(maxBytes);
        while (true)
        {
            var read = await NextAsync(request, cancellationToken);
            if (read.Buffer.Length > maxBytes) throw TooLarge(maxBytes);
            if (read.IsCompleted) return read.Buffer;
            request.BodyReader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async Task<ReadResult> NextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await request.BodyReader.ReadAsync(cancellationToken);
        }
        catch (IOException broken) when (broken is not BadHttpRequestException)
        {
            // Of some bodies, like one with a chunk of a size that no number holds, the server does not say that they are the caller's fault.
            throw new BadHttpRequestException("The body cannot be read.", broken);
        }
    }

    private static DialectException TooLarge(int maxBytes) =>
        new(413, "request_too_large", $"The body is larger than {maxBytes} bytes: send less at once.");
}
