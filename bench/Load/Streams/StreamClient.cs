using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace Conversations.Load.Streams;

/// <summary>Has streamed answers: from the service, or from a model itself.</summary>
internal sealed class StreamClient : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false, PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    public StreamClient(string? key = null)
    {
        if (key is not null) _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>A turn of a session, in OpenAI's dialect of responses.</summary>
    public async Task<Streamed> TurnAsync(Uri gateway, string agent, string session, string text, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var (first, last, longest) = (0L, 0L, 0L);
        var (tokens, lost, expected, ended) = (0, 0, 0, false);
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model = agent, conversation = session, input = text, stream = true });
        await foreach (var (type, number) in ReadAsync(new Uri(gateway, "/v1/responses"), body, Number, stop))
        {
            if (number < 0) continue;
            if (number != expected) lost++;
            expected = number + 1;
            ended |= type == "response.completed";
            if (type != "response.output_text.delta") continue;
            var now = Stopwatch.GetTimestamp();
            if (tokens++ == 0) first = now;
            else longest = Math.Max(longest, now - last);
            last = now;
        }

        if (tokens == 0) throw new TurnException("A stream had no text.");
        return new Streamed(Stopwatch.GetElapsedTime(began, first), tokens, ended ? lost : lost + 1, Stopwatch.GetElapsedTime(0, longest));
    }

    /// <summary>How long a model takes to say its first word to one who asks it directly.</summary>
    public async Task<TimeSpan> FirstOfModelAsync(Uri model, string name, string text, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        TimeSpan? first = null;
        var body = JsonSerializer.SerializeToUtf8Bytes(new { model = name, stream = true, messages = new[] { new { role = "user", content = text } } });
        await foreach (var _ in ReadAsync(new Uri(model, "chat/completions"), body, (_, _) => 0, stop)) first ??= Stopwatch.GetElapsedTime(began);
        return first ?? throw new TurnException("The model said nothing.");
    }

    public void Dispose() => _http.Dispose();

    private async IAsyncEnumerable<(string Type, int Number)> ReadAsync(
        Uri url, byte[] body, SseItemParser<int> number, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
        if (!response.IsSuccessStatusCode) throw new TurnException($"A stream was answered {(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(stop)}");
        await using var stream = await response.Content.ReadAsStreamAsync(stop);
        await foreach (var item in SseParser.Create(stream, number).EnumerateAsync(stop)) yield return (item.EventType, item.Data);
    }

    // What comes after the last event ([DONE]) has none.
    private static int Number(string type, ReadOnlySpan<byte> data)
    {
        if (data is not [(byte)'{', ..]) return -1;
        var reader = new Utf8JsonReader(data);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isNumber = reader.ValueTextEquals("sequence_number"u8);
            reader.Read();
            if (isNumber) return reader.GetInt32();
            reader.Skip();
        }

        throw new TurnException($"An event {type} has no number.");
    }
}
