using System.ClientModel;
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
        _ => new TurnError("model_unavailable", $"The connection to the model of agent '{agent.Name}' failed: try again later."),
    };

    private static int? StatusOf(Exception failure) => failure switch
    {
        HttpOperationException { StatusCode: { } status } => (int)status,
        ClientResultException result when result.Status > 0 => result.Status,
        { InnerException: { } inner } => StatusOf(inner),
        _ => null,
    };
}
