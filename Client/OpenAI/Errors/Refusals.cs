using Conversations.Client.Sessions;
using Conversations.Sessions;
using Npgsql;

namespace Conversations.Client.OpenAI.Errors;

/// <summary>The one table from refusals and faults to what the dialect says.</summary>
internal static class Refusals
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>What the caller is told of an exception; <see cref="DialectError.Fault"/> for what nobody expected.</summary>
    public static DialectError ErrorOf(Exception exception) => exception switch
    {
        DialectException dialect => dialect.Error,
        RefusalException refusal => ErrorOf(refusal),
        UnavailableException unavailable => Unavailable(unavailable.Message) with { RetryAfter = unavailable.RetryAfter },
        NpgsqlException { IsTransient: true } => Unavailable("The service cannot read just now: send the same request again in a moment."),
        BadHttpRequestException { StatusCode: 408 } => new DialectError(408, "request_timeout", "The request's body came too slowly: send it again."),
        BadHttpRequestException bad => new DialectError(bad.StatusCode, "invalid_request", "The request is no well-formed HTTP request."),
        _ => DialectError.Fault,
    };

    /// <summary>There is no such conversation, or not for this caller.</summary>
    public static DialectError ConversationNotFound(string id) =>
        new(404, "conversation_not_found", $"Conversation with id '{id}' not found.");

    /// <summary>There is no such response, or not for this caller.</summary>
    public static DialectError ResponseNotFound(string id) => new(404, "response_not_found", $"Response with id '{id}' not found.");

    /// <summary>There is no such item in the conversation.</summary>
    public static DialectError ItemNotFound(string id) => new(404, "item_not_found", $"Item with id '{id}' not found in this conversation.");

    /// <summary>What a request was to go on from is not there.</summary>
    public static DialectError PreviousNotFound(string id) =>
        new(404, "previous_response_not_found", $"Previous response with id '{id}' not found.", "previous_response_id");

    private static DialectError ErrorOf(RefusalException refusal)
    {
        var (status, code, param) = refusal.Code switch
        {
            RefusalCode.Invalid => (400, "invalid_value", null),
            RefusalCode.SessionNotFound => (404, "conversation_not_found", null),
            RefusalCode.TurnNotFound when refusal.Parameter == "previous_response_id" => (404, "previous_response_not_found", null),
            RefusalCode.TurnNotFound => (404, "response_not_found", null),
            RefusalCode.ItemNotFound => (404, "item_not_found", null),
            RefusalCode.AgentNotFound => (400, "model_not_found", "model"),
            RefusalCode.SessionBusy => (409, "conversation_locked", "conversation"),
            RefusalCode.QueueFull => (429, "conversation_queue_full", "conversation"),
            RefusalCode.TooLarge => (413, "too_large", null),
            RefusalCode.KeyReused => (422, "idempotency_key_reused", "Idempotency-Key"),
            RefusalCode.Moved => (412, "conversation_moved", null),
            RefusalCode.SessionExists => (409, "conversation_exists", "id"),
            RefusalCode.TooMany => (429, "rate_limit_exceeded", (string?)null),
            _ => throw new InvalidOperationException($"The dialect has no word for the refusal {refusal.Code}."),
        };
        return new DialectError(status, code, refusal.Message, refusal.Parameter ?? param) { RetryAfter = status == 429 ? Pause : null };
    }

    private static DialectError Unavailable(string message) => new(503, "service_unavailable", message) { RetryAfter = Pause };
}
