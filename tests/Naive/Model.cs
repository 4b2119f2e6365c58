using System.Text.Json.Nodes;

namespace Conversations.Naive;

/// <summary>The model, asked for a whole answer.</summary>
internal sealed class Model(HttpClient http)
{
    public async Task<string> AskAsync(IReadOnlyList<Saying> history, CancellationToken stop)
    {
        var messages = new JsonArray([.. history.Select(saying => new JsonObject { ["role"] = saying.Role, ["content"] = saying.Text })]);
        using var answer = await http.PostAsJsonAsync("chat/completions", new JsonObject { ["model"] = "scripted", ["stream"] = true, ["messages"] = messages }, stop);
        answer.EnsureSuccessStatusCode();
        var lines = (await answer.Content.ReadAsStringAsync(stop)).Split('\n').Where(line => line.StartsWith("data: {", StringComparison.Ordinal));
        return string.Concat(lines.Select(line => (string?)JsonNode.Parse(line["data: ".Length..])!["choices"]?.AsArray().FirstOrDefault()?["delta"]?["content"]));
    }
}
