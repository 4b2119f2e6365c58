using Conversations.Client.OpenAI.Wire;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.OpenAI.Shapes;

/// <summary>A turn as the dialect's Response.</summary>
internal static class ResponseShape
{
    private static readonly WireUsage NoUsage = UsageOf(new Usage(0, 0));

    public static WireResponse Of(SessionKey key, Turn turn, IEnumerable<Item> output)
    {
        var options = turn.Options;
        return new WireResponse
        {
            Id = new ResponseId(key.Id, turn.Id).ToString(),
            CreatedAt = turn.CreatedAt.ToUnixTimeSeconds(),
            CompletedAt = turn.Status == TurnStatus.Completed ? turn.EndedAt?.ToUnixTimeSeconds() : null,
            Status = StatusOf(turn.Status),
            Background = options.Background,
            Conversation = options.NamesSession ? new WireReference(key.Id) : null,
            Error = turn.Error is { } error ? new WireResponseError(error.Code, error.Message) : null,
            IncompleteDetails = turn is { Status: TurnStatus.Incomplete or TurnStatus.Cancelled, Reason: { } reason } ? new WireReason(reason) : null,
            Instructions = options.Instructions,
            MaxOutputTokens = options.MaxOutputTokens,
            MaxToolCalls = options.MaxToolCalls,
            Metadata = options.Metadata,
            Model = options.Agent ?? "",
            Output = ItemShape.Of(output),
            ParallelToolCalls = options.ParallelToolCalls ?? true,
            PreviousResponseId = options.PreviousResponseId,
            PromptCacheKey = options.PromptCacheKey,
            Reasoning = options.ReasoningJson is { } reasoning ? new RawJson(reasoning) : null,
            SafetyIdentifier = options.SafetyIdentifier,
            Store = options.Store,
            Temperature = options.Temperature ?? 1,
            TopP = options.TopP ?? 1,
            Text = new RawJson(options.TextJson ?? """{"format":{"type":"text"}}"""),
            ToolChoice = new RawJson(options.ToolChoiceJson ?? "\"auto\""),
            Tools = new RawJson(options.ToolsJson ?? "[]"),
            Truncation = options.Truncation ?? "auto",
            // What a parked turn has used so far is not what it used.
            Usage = !turn.Status.IsTerminal() ? null : turn.Usage is { } usage ? UsageOf(usage) : NoUsage,
        };
    }

    private static string StatusOf(TurnStatus status) => status switch
    {
        TurnStatus.Queued => "queued",
        TurnStatus.InProgress => "in_progress",
        TurnStatus.Completed => "completed",
        TurnStatus.Incomplete => "incomplete",
        TurnStatus.Cancelled => "cancelled",
        _ => "failed",
    };

    /// <summary>What a model used.</summary>
    public static WireUsage UsageOf(Usage usage) => new(
        usage.InputTokens,
        new WireInputDetails(usage.CachedTokens),
        usage.OutputTokens,
        new WireOutputDetails(usage.ReasoningTokens),
        usage.InputTokens + usage.OutputTokens);
}
