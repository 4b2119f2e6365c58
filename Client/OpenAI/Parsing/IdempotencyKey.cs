using Conversations.Client.OpenAI.Errors;
using Conversations.Turns;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads the header <c>Idempotency-Key</c>.</summary>
internal static class IdempotencyKey
{
    private const string Name = "Idempotency-Key";

    public static string? Read(HttpRequest request)
    {
        var key = request.Headers[Name].ToString();
        return key.Length switch
        {
            0 => null,
            <= TurnId.MaxKeyLength => key,
            _ => throw new DialectException(400, "string_above_max_length", $"The header {Name} is longer than {TurnId.MaxKeyLength} characters.", Name),
        };
    }
}
