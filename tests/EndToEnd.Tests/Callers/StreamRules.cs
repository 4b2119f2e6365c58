using System.Text.Json.Nodes;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>What must hold of every whole stream, whoever died meanwhile.</summary>
internal static class StreamRules
{
    /// <summary>Checks them, and that the turn ended as <c>response.completed</c> with this text.</summary>
    public static void AssertCompleted(IReadOnlyList<StreamEvent> events, string text)
    {
        AssertHold(events);
        Assert.Equal("response.completed", events[^1].Type);
        Assert.Equal("completed", (string?)events[^1].Response["status"]);
        Assert.Equal(text, Items.TextOf(events[^1].Response["output"]!.AsArray()));
    }

    /// <summary>The numbers rise, the last event is the only end, and the deltas of each item concatenate to its text.</summary>
    public static void AssertHold(IReadOnlyList<StreamEvent> events)
    {
        Assert.Equal("response.created", events[0].Type);
        Assert.Equal(0, events[0].Number);
        Assert.All(events.Zip(events.Skip(1)), pair => Assert.True(pair.First.Number < pair.Second.Number, $"{pair.First.Number}, then {pair.Second.Number}"));
        Assert.Equal(events[^1], Assert.Single(events, IsEnd));
        foreach (var done in events.Where(e => e.Type == "response.output_item.done")) AssertDeltas(events, done.Data!["item"]!);
    }

    /// <summary>How many attempts the stream shows.</summary>
    public static int Attempts(IReadOnlyList<StreamEvent> events) => 1 + events.Count(e => e.Type == "conversations:attempt");

    private static bool IsEnd(StreamEvent e) => e.Type is "response.completed" or "response.incomplete" or "response.failed" or "error";

    private static void AssertDeltas(IReadOnlyList<StreamEvent> events, JsonNode item)
    {
        var deltas = events.Where(e => e.Type == "response.output_text.delta" && (string?)e.Data!["item_id"] == (string?)item["id"]);
        Assert.Equal(Items.TextOf(new JsonArray(item.DeepClone())), string.Concat(deltas.Select(e => (string?)e.Data!["delta"])));
    }
}
