using System.Collections.Concurrent;
using Conversations.Testing;

namespace Conversations.EndToEnd.Tests.Models;

/// <summary>What the model says: an echo, unless a test has written something else for what the user said last.</summary>
public sealed class Script
{
    private readonly ConcurrentDictionary<string, Func<ModelRequest, CancellationToken, IAsyncEnumerable<string>>> _replies = new();

    /// <summary>The answer to everybody whose last words contain these.</summary>
    public void When(string said, Func<ModelRequest, CancellationToken, IAsyncEnumerable<string>> reply) => _replies[said] = reply;

    /// <summary>The answer to whoever says this, held in the middle until the test lets it go on.</summary>
    internal HeldReply Hold(string said)
    {
        var held = new HeldReply($"The answer to {said} begins", " well,", " and", " then", " it", " ends", " as", " it", " should.");
        When(said, held.SayAsync);
        return held;
    }

    /// <summary>The answer to one request.</summary>
    public IAsyncEnumerable<string> Answer(ModelRequest request, CancellationToken stop)
    {
        var last = request.LastUser;
        return _replies.FirstOrDefault(reply => last.Contains(reply.Key, StringComparison.Ordinal)).Value is { } reply
            ? reply(request, stop)
            : EchoAsync(last);
    }

    private static async IAsyncEnumerable<string> EchoAsync(string said)
    {
        await Task.Yield();
        yield return "echo:";
        foreach (var word in said.Split(' ')) yield return " " + word;
    }
}
