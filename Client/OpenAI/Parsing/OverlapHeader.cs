using Conversations.Client.OpenAI.Errors;
using Conversations.Turns;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads the header <c>X-Overlap-Policy</c>.</summary>
internal static class OverlapHeader
{
    public const string Name = "X-Overlap-Policy";

    public static OverlapPolicy? Read(string? header)
    {
        if (string.IsNullOrWhiteSpace(header)) return null;
        return OverlapPolicy.TryParse(header, out var policy)
            ? policy
            : throw new DialectException(400, "invalid_value", $"The header {Name} must be {OverlapPolicy.Rule}.", Name);
    }
}
