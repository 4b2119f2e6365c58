using System.Collections.Immutable;

namespace Conversations.Turns;

/// <summary>
/// What a caller asks of a turn, besides its input. Stored with the turn and echoed in every answer. A null means that the caller
/// did not say. The <c>…Json</c> members are kept as the caller wrote them.
/// </summary>
[GenerateSerializer, Immutable, Alias("conversations.TurnOptions")]
public sealed record TurnOptions
{
    /// <summary>The agent (on the OpenAI wire: <c>model</c>) that answers. Null in a request means the default agent; never null once accepted.</summary>
    [Id(0)] public string? Agent { get; init; }

    /// <summary>Instructions for this turn alone; they take the place of the agent's own.</summary>
    [Id(1)] public string? Instructions { get; init; }

    /// <summary>Sampling temperature, 0 to 2.</summary>
    [Id(2)] public double? Temperature { get; init; }

    /// <summary>Nucleus sampling, 0 to 1.</summary>
    [Id(3)] public double? TopP { get; init; }

    /// <summary>The most tokens the model may produce in this turn.</summary>
    [Id(4)] public int? MaxOutputTokens { get; init; }

    /// <summary>The most tool calls in this turn.</summary>
    [Id(5)] public int? MaxToolCalls { get; init; }

    /// <summary>Whether the model may ask for several tools at once.</summary>
    [Id(6)] public bool? ParallelToolCalls { get; init; }

    /// <summary>The caller's own notes about the turn.</summary>
    [Id(7)] public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Whether the result can be fetched later. Default: true.</summary>
    [Id(8)] public bool Store { get; init; } = true;

    /// <summary>Whether the caller goes away and asks later.</summary>
    [Id(9)] public bool Background { get; init; }

    /// <summary>Whether the caller named the session by its id (and not by a previous turn, or not at all).</summary>
    [Id(10)] public bool NamesSession { get; init; }

    /// <summary>The id of the response that the caller named as the one before, as sent.</summary>
    [Id(11)] public string? PreviousResponseId { get; init; }

    /// <summary>The caller's function tools: a JSON array.</summary>
    [Id(12)] public string? ToolsJson { get; init; }

    /// <summary>Which tool to call: a JSON string or object.</summary>
    [Id(13)] public string? ToolChoiceJson { get; init; }

    /// <summary>The wished form of the text: a JSON object.</summary>
    [Id(14)] public string? TextJson { get; init; }

    /// <summary>How hard to think: a JSON object.</summary>
    [Id(15)] public string? ReasoningJson { get; init; }

    /// <summary><c>auto</c> or <c>disabled</c>.</summary>
    [Id(16)] public string? Truncation { get; init; }

    /// <summary>Echoed.</summary>
    [Id(17)] public string? PromptCacheKey { get; init; }

    /// <summary>Echoed.</summary>
    [Id(18)] public string? SafetyIdentifier { get; init; }

    /// <summary>Who is speaking, as the caller names them; for the logs.</summary>
    [Id(19)] public string? User { get; init; }

    /// <summary>The request id of the call that made the turn; for the logs, also after a crash.</summary>
    [Id(20)] public string? RequestId { get; init; }

    /// <summary>What is left of the options of a response that its caller deleted.</summary>
    public TurnOptions Blank() => new() { Agent = Agent, NamesSession = NamesSession, Store = false };
}
