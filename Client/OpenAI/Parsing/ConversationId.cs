using Conversations.Client.OpenAI.Errors;
using Conversations.Sessions;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads the id of a conversation.</summary>
internal static class ConversationId
{
    /// <summary>The session that a body names.</summary>
    /// <exception cref="DialectException">The id breaks its rule.</exception>
    public static SessionKey Read(string tenant, string id, string param) => SessionKey.TryCreate(tenant, id, out var key)
        ? key
        : throw new DialectException(400, "invalid_value", $"A conversation's id is {SessionKey.IdRule}.", param);

    /// <summary>The session that a path names, where it must exist.</summary>
    /// <exception cref="DialectException">The id breaks its rule, so there is none.</exception>
    public static SessionKey OfPath(string tenant, string id) =>
        SessionKey.TryCreate(tenant, id, out var key) ? key : throw new DialectException(Refusals.ConversationNotFound(id));
}
