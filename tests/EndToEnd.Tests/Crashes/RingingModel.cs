using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Models;
using Conversations.Testing;

namespace Conversations.EndToEnd.Tests.Crashes;

/// <summary>A model that calls the tool <c>ring</c> when it is told to, and then says what came of it; all else it echoes.</summary>
internal sealed class RingingModel
{
    private const string Order = "Ring for ";

    private readonly ConcurrentDictionary<string, HeldReply> _held = new();

    /// <summary>What makes it ring.</summary>
    public static string OrderOf(string session) => Order + session;

    /// <summary>What it says when the tool said this.</summary>
    public static string ReportOf(string result) => $"The bell answers: {result}";

    /// <summary>Holds the report on this order in the middle.</summary>
    public HeldReply Hold(string order, string result) =>
        _held[order] = new HeldReply([.. ReportOf(result).Split(' ').Select((word, index) => index == 0 ? word : " " + word)]);

    public async IAsyncEnumerable<JsonObject> Answer(
        ModelRequest request, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken stop)
    {
        var isOrder = request.LastUser.StartsWith(Order, StringComparison.Ordinal);
        if (isOrder && !request.Messages[^1].StartsWith("tool: ", StringComparison.Ordinal))
        {
            yield return ScriptedModel.Call(0, $"call-{Guid.NewGuid():N}", "ring", "{}");
            yield break;
        }

        var reply = _held.TryGetValue(request.LastUser, out var held)
            ? held.SayAsync(request, stop)
            : ScriptedModel.Words(isOrder ? ReportOf(request.Messages[^1]["tool: ".Length..]) : $"echo: {request.LastUser}");
        await foreach (var piece in reply.WithCancellation(stop)) yield return new JsonObject { ["content"] = piece };
    }
}
