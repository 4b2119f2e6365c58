using System.Text;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>A turn's stream while it comes.</summary>
internal sealed class LiveStream(HttpResponseMessage response, Stream body) : IDisposable
{
    private readonly StreamReader _reader = new(body);
    private readonly List<StreamEvent> _seen = [];

    /// <summary>All that has come so far.</summary>
    public IReadOnlyList<StreamEvent> Seen => _seen;

    /// <summary>The silo that hosted the session when the stream began.</summary>
    public string? Silo => Answer.HeaderOf(response, "x-conversations-silo");

    /// <summary>The response's id.</summary>
    public string Id => (string)_seen[0].Response["id"]!;

    /// <summary>The next event; null if the connection ended.</summary>
    public async Task<StreamEvent?> NextAsync()
    {
        var token = Deadline.Token;
        var frame = new StringBuilder();
        while (await _reader.ReadLineAsync(token) is { } line)
        {
            if (line.StartsWith(':')) continue;
            if (line.Length > 0)
            {
                frame.Append(line).Append('\n');
            }
            else if (frame.Length > 0)
            {
                var next = StreamEvent.Parse(frame.ToString().TrimEnd('\n'));
                _seen.Add(next);
                return next;
            }
        }

        return null;
    }

    /// <summary>Reads until this many deltas have come.</summary>
    public async Task<StreamEvent> DeltasAsync(int count)
    {
        while (true)
        {
            var next = await NextAsync() ?? throw new EndOfStreamException();
            if (_seen.Count(e => e.Type == "response.output_text.delta") == count) return next;
        }
    }

    /// <summary>Reads to the end of the connection; all events, earlier ones included, without the last <c>[DONE]</c>.</summary>
    public async Task<IReadOnlyList<StreamEvent>> ToEndAsync()
    {
        while (await NextAsync() is not null)
        {
        }

        Assert.True(_seen[^1].IsDone, "The stream broke off.");
        return [.. _seen.SkipLast(1)];
    }

    /// <summary>Hangs up.</summary>
    public void Dispose()
    {
        _reader.Dispose();
        response.Dispose();
    }
}
