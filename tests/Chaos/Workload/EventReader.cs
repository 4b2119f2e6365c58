using System.Text.Json.Nodes;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Workload;

/// <summary>Reads a turn's stream as it comes.</summary>
internal sealed class EventReader(HttpResponseMessage response, long? after) : IDisposable
{
    private readonly List<WatchedEvent> _events = [];
    private bool _isWhole;
    private bool _isBroken;

    /// <summary>All that came on this connection.</summary>
    public Watched Watched => new(after, [.. _events], _isWhole);

    /// <summary>The last number that came, or the one after which it began.</summary>
    public long? Last => _events.Count > 0 ? _events[^1].Number : after;

    /// <summary>Reads to the end, or until the connection breaks or <paramref name="enough"/> says so.</summary>
    public async Task ReadAsync(Action<JsonObject> onEvent, Func<int, bool> enough, CancellationToken stop)
    {
        try
        {
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(stop));
            while (!enough(_events.Count) && await reader.ReadLineAsync(stop) is { } line)
            {
                if (!line.StartsWith("data: ", StringComparison.Ordinal)) continue;
                if (line == "data: [DONE]") _isWhole = !_isBroken;
                else if (Wire.Parse(line["data: ".Length..]) is { } data) Take(data, onEvent);
            }
        }
        catch (Exception fault) when (Wire.IsLost(fault, stop))
        {
            // It is taken up again by whoever wants the rest.
        }
    }

    public void Dispose() => response.Dispose();

    private void Take(JsonObject data, Action<JsonObject> onEvent)
    {
        var type = (string)data["type"]!;
        // An error is no event of the turn: it says that this connection is of no more use.
        _isBroken |= type == "error";
        if (_isBroken) return;
        var item = data["item"];
        var text = type == "response.output_text.delta" ? (string?)data["delta"]
            : type == "response.output_item.done" && (string?)item?["type"] == "message" ? WireItems.Read(item).Text : null;
        _events.Add(new WatchedEvent(
            (long)data["sequence_number"]!, type, (string?)data["item_id"] ?? (string?)item?["id"], text, (string?)item?["status"] ?? (string?)data["response"]?["status"]));
        onEvent(data);
    }
}
