using System.Text.Json;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Tools;

/// <summary>A function of the server that a model may call.</summary>
public sealed class Tool
{
    /// <summary>Its name, unique on the silo: 1–64 of <c>[A-Za-z0-9_-]</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What it does, for the model.</summary>
    public required string Description { get; init; }

    /// <summary>The JSON Schema of its arguments, an object.</summary>
    public required JsonElement Schema { get; init; }

    /// <summary>
    /// Runs it; the text goes to the model. What it throws goes to the model as an error, with the message of a
    /// <see cref="ToolException"/> and no more than the type's name of any other.
    /// </summary>
    public required Func<ToolCall, CancellationToken, Task<string>> InvokeAsync { get; init; }

    /// <summary>
    /// Whether running it again with the same call id does no harm. After a crash such a tool is run again; any other is not, and
    /// model and caller are told that the outcome is unknown. Default: false.
    /// </summary>
    public bool IsIdempotent { get; init; }

    /// <summary>Whether a person must say yes to each call. Default: false.</summary>
    public bool NeedsApproval { get; init; }

    /// <summary>How long it may run. Default: 60 seconds.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>One call of a tool.</summary>
/// <param name="Session">The session that it is made in.</param>
/// <param name="Turn">The turn that it is made in.</param>
/// <param name="CallId">The call's name: the same when the call is repeated after a crash, so that it can serve as idempotency key.</param>
/// <param name="Arguments">The arguments; they match the tool's schema.</param>
public sealed record ToolCall(SessionKey Session, TurnId Turn, string CallId, JsonElement Arguments);

/// <summary>A tool's own refusal, in words fit for the model and the caller.</summary>
/// <param name="message">The words.</param>
[GenerateSerializer, Alias("conversations.ToolException")]
public sealed class ToolException(string message) : Exception(message);
