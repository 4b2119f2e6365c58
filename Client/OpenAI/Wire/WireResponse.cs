namespace Conversations.Client.OpenAI.Wire;

/// <summary>A response: every key is always there.</summary>
internal sealed record WireResponse
{
    public required string Id { get; init; }

    public string Object { get; } = "response";

    public required long CreatedAt { get; init; }

    public required long? CompletedAt { get; init; }

    public required string Status { get; init; }

    public required bool Background { get; init; }

    public required WireReference? Conversation { get; init; }

    public required WireResponseError? Error { get; init; }

    public required WireReason? IncompleteDetails { get; init; }

    public required string? Instructions { get; init; }

    public required int? MaxOutputTokens { get; init; }

    public required int? MaxToolCalls { get; init; }

    public required IReadOnlyDictionary<string, string> Metadata { get; init; }

    public required string Model { get; init; }

    public required IReadOnlyList<WireItem> Output { get; init; }

    public required bool ParallelToolCalls { get; init; }

    public required string? PreviousResponseId { get; init; }

    public required string? PromptCacheKey { get; init; }

    public required RawJson? Reasoning { get; init; }

    public required string? SafetyIdentifier { get; init; }

    public string ServiceTier { get; } = "default";

    public required bool Store { get; init; }

    public required double Temperature { get; init; }

    public required double TopP { get; init; }

    public double PresencePenalty { get; }

    public double FrequencyPenalty { get; }

    public int TopLogprobs { get; }

    public required RawJson Text { get; init; }

    public required RawJson ToolChoice { get; init; }

    public required RawJson Tools { get; init; }

    public required string Truncation { get; init; }

    public required WireUsage? Usage { get; init; }
}

internal sealed record WireReference(string Id);

internal sealed record WireResponseError(string Code, string Message);

internal sealed record WireReason(string Reason);

internal sealed record WireUsage(
    long InputTokens, WireInputDetails InputTokensDetails, long OutputTokens, WireOutputDetails OutputTokensDetails, long TotalTokens);

internal sealed record WireInputDetails(long CachedTokens)
{
    /// <summary>Chat completions do not tell.</summary>
    public long CacheWriteTokens { get; }
}

internal sealed record WireOutputDetails(long ReasoningTokens);
