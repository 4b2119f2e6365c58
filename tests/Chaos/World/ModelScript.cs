using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Conversations.Checker.Evidence;
using Conversations.Testing;

namespace Conversations.Chaos.World;

/// <summary>
/// What the model says: an answer that begins with a word of its own, so that it can be told which call gave it. Where the user says
/// <c>[tool]</c> it calls a tool first, <c>[ask]</c> one that somebody must approve; where the user says <c>[slow]</c> it takes its time. It keeps a log of what it was handed.
/// </summary>
internal sealed class ModelScript
{
    /// <summary>The name under which the model knows the tool that is not repeatable.</summary>
    public const string Tool = "lab_charge";

    /// <summary>The name of the one that must be approved.</summary>
    public const string CarefulTool = "lab_add";

    private readonly ConcurrentQueue<ModelCall> _calls = new();
    private long _count;

    /// <summary>What ails it now.</summary>
    public ModelTrouble Trouble { get; set; }

    /// <summary>All calls since they were last forgotten.</summary>
    public IReadOnlyList<ModelCall> Calls => [.. _calls];

    public void Forget() => _calls.Clear();

    public async IAsyncEnumerable<JsonObject> AnswerAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        await Task.Yield();
        var mark = $"a{Interlocked.Increment(ref _count)}";
        var messages = Read(request.Body["messages"]!.AsArray());
        var user = messages.LastOrDefault(message => message.IsUser)?.Text ?? "";
        var isCareful = user.Contains("[ask]", StringComparison.Ordinal);
        var isCall = (isCareful || user.Contains("[tool]", StringComparison.Ordinal)) && !messages[^1].Type.StartsWith("function", StringComparison.Ordinal);
        var pieces = isCall ? [] : Pieces(mark, user);
        _calls.Enqueue(new ModelCall(mark, string.Concat(pieces), messages));
        var trouble = Trouble;
        if (trouble is ModelTrouble.TooManyRequests) throw new ModelFault(429, ("retry-after", "1"));
        if (trouble is ModelTrouble.ServerError) throw new ModelFault(500);
        if (isCall) yield return ScriptedModel.Call(0, $"call_{mark}", isCareful ? CarefulTool : Tool, isCareful ? """{"a":1,"b":2}""" : """{"amount":1}""");
        foreach (var (index, piece) in pieces.Index())
        {
            if (index == pieces.Count / 2) await AilAsync(trouble, stop);
            if (index > 0) await Task.Delay(user.Contains("[slow]", StringComparison.Ordinal) || trouble is ModelTrouble.Trickle ? 150 : 5, stop);
            yield return new JsonObject { ["content"] = piece };
        }
    }

    private static async Task AilAsync(ModelTrouble trouble, CancellationToken stop)
    {
        if (trouble is ModelTrouble.Hang) await Task.Delay(Timeout.Infinite, stop);
        if (trouble is ModelTrouble.Malformed) throw ModelFault.Malformed();
        if (trouble is ModelTrouble.Cut) throw ModelFault.Cut();
    }

    private static IReadOnlyList<string> Pieces(string mark, string user) =>
        [mark, .. Enumerable.Range(0, 4 + (user.Length % 9)).Select(number => $" word{number}"), " about", .. user.Split(' ').Select(word => " " + word)];

    private static List<Item> Read(JsonArray messages)
    {
        var items = new List<Item>();
        foreach (var message in messages)
        {
            var role = (string)message!["role"]!;
            var text = TextOf(message["content"]);
            if (role is "user" or "assistant" && text.Length > 0) items.Add(new Item("message", role, text, null));
            if (role == "tool") items.Add(new Item("function_call_output", null, text, (string?)message["tool_call_id"]));
            foreach (var call in message["tool_calls"]?.AsArray() ?? [])
                items.Add(new Item("function_call", null, (string?)call!["function"]!["arguments"], (string?)call["id"]));
        }

        return items;
    }

    private static string TextOf(JsonNode? content) => content switch
    {
        JsonValue value => value.GetValue<string>(),
        JsonArray parts => string.Concat(parts.Select(part => (string?)part!["text"])),
        _ => "",
    };
}
