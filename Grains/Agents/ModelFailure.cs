using System.ClientModel;
using System.Globalization;
using System.Text.Json;
using Conversations.Turns;
using Microsoft.SemanticKernel;

namespace Conversations.Grains.Agents;

/// <summary>What a failed model call means for the turn, in words fit for the caller: never the provider's own text, which may quote keys.</summary>
internal static class ModelFailure
{
    public static TurnError Describe(Agent agent, Exception failure) => (failure, StatusOf(failure)) switch
    {
        (_, 401 or 403) => new TurnError("model_unauthorized", $"The model of agent '{agent.Name}' refused our key: its operator must set another."),
        (_, 404) => new TurnError("model_unknown", $"The endpoint of agent '{agent.Name}' does not know its model: its operator must set another."),
        (_, 429) => new TurnError("rate_limit_exceeded", $"The model of agent '{agent.Name}' is over its rate limit: try again later."),
        (_, >= 400 and < 500) => new TurnError("model_refused", $"The model of agent '{agent.Name}' refused the request ({StatusOf(failure)})."),
        (_, >= 500) => new TurnError("model_unavailable", $"The model of agent '{agent.Name}' failed ({StatusOf(failure)}): try again later."),
        (TimeoutException, _) => new TurnError("model_timeout", $"The model of agent '{agent.Name}' said nothing for too long: try again later."),
        _ when Has<JsonException>(failure) =>
            new TurnError("model_malformed", $"The model of agent '{agent.Name}' sent something that is no reply: try again later."),
        _ => new TurnError("model_unavailable", $"The connection to the model of agent '{agent.Name}' failed: try again later."),
    };

    /// <summary>Whether the same call may well succeed a little later.</summary>
    public static bool IsPassing(Exception failure) => StatusOf(failure) switch
    {
        { } status => status is 408 or 429 or >= 500,
        // What is none of these is a fault of ours, and would be again.
        null => failure is TimeoutException || Has<IOException>(failure) || Has<HttpRequestException>(failure) || Has<JsonException>(failure),
    };

    /// <summary>How long the provider asks to be left alone; null: it does not say.</summary>
    public static TimeSpan? RetryAfter(Exception? failure, DateTimeOffset now)
    {
        if (Find<ClientResultException>(failure)?.GetRawResponse() is not { } response) return null;
        if (response.Headers.TryGetValue("retry-after-ms", out var precise)
            && int.TryParse(precise, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var milliseconds))
        {
            return Positive(TimeSpan.FromMilliseconds(milliseconds));
        }

        if (!response.Headers.TryGetValue("retry-after", out var text)) return null;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return TimeSpan.FromSeconds(seconds);
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? Positive(date - now) : null;
    }

    private static TimeSpan Positive(TimeSpan wait) => wait > TimeSpan.Zero ? wait : TimeSpan.Zero;

    private static int? StatusOf(Exception failure) => failure switch
    {
        HttpOperationException { StatusCode: { } status } => (int)status,
        ClientResultException result when result.Status > 0 => result.Status,
        { InnerException: { } inner } => StatusOf(inner),
        _ => null,
    };

    private static bool Has<T>(Exception failure)
        where T : Exception => Find<T>(failure) is not null;

    private static T? Find<T>(Exception? failure)
        where T : Exception => failure as T ?? (failure?.InnerException is { } inner ? Find<T>(inner) : null);
}
