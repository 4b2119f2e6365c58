using System.Text.Json.Nodes;

namespace Conversations.Testing.Invariants;

/// <summary>What must hold of every history that a model is handed (I9).</summary>
public static class PromptRules
{
    /// <summary>The rules that are broken, a sentence each.</summary>
    public static IEnumerable<string> Broken(ModelRequest request)
    {
        var open = new HashSet<string>();
        foreach (var message in request.Body["messages"]!.AsArray())
        {
            var isResult = (string?)message!["role"] == "tool";
            if (isResult && !open.Remove((string)message["tool_call_id"]!)) yield return $"I9: a model was handed a result without its call: {message.ToJsonString()}.";
            if (!isResult && open.Count > 0) yield return $"I9: a model was handed {string.Join(", ", open)} without a result.";
            if (message["tool_calls"] is JsonArray calls) open.UnionWith(calls.Select(call => (string)call!["id"]!));
        }

        if (open.Count > 0) yield return $"I9: a model was handed {string.Join(", ", open)} without a result.";
    }
}
