using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using Conversations.Testing;

namespace Conversations.EndToEnd.Tests.Models;

/// <summary>
/// A model that asks for the tool <c>weather</c> if it is offered and the user speaks of the weather, tells what the tool said, answers
/// with JSON if that is wished, says nothing to who tells it to hold, breaks if it is told to break, and echoes everybody else.
/// </summary>
internal static class Forecaster
{
    public static async IAsyncEnumerable<JsonObject> AnswerAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken stop = default)
    {
        await Task.Yield();
        if (request.LastUser.Contains("hold", StringComparison.Ordinal)) await Task.Delay(Timeout.Infinite, stop);
        if (request.LastUser.Contains("break", StringComparison.Ordinal)) throw new ModelFault(400);
        if (request.Messages[^1] is var last && last.StartsWith("tool: ", StringComparison.Ordinal))
        {
            foreach (var piece in (string[])["It is: ", last["tool: ".Length..]]) yield return Text(piece);
        }
        else if (IsOffered(request) && request.LastUser.Contains("weather", StringComparison.Ordinal))
        {
            yield return ScriptedModel.Call(0, $"call_{Guid.NewGuid():N}", "weather", """{"city":""");
            yield return More("\"Bern\"}");
        }
        else if (request.Body.ContainsKey("response_format"))
        {
            yield return Text("""{"city":"Bern","degrees":7}""");
        }
        else
        {
            await foreach (var word in ScriptedModel.Words($"echo: {request.LastUser}")) yield return Text(word);
        }
    }

    private static bool IsOffered(ModelRequest request) =>
        request.Body["tools"] is JsonArray tools && tools.Any(tool => (string?)tool!["function"]!["name"] == "weather");

    private static JsonObject Text(string text) => new() { ["content"] = text };

    private static JsonObject More(string arguments) => new()
    {
        ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = 0, ["function"] = new JsonObject { ["arguments"] = arguments } }),
    };
}
