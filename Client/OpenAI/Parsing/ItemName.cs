using Conversations.Client.OpenAI.Errors;
using Conversations.History;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>Reads the id of an item.</summary>
internal static class ItemName
{
    private static readonly string[] Others = ["resp_", "conv_"];

    /// <summary>The id; null if it was never one of ours.</summary>
    /// <exception cref="DialectException">It is an id of something else.</exception>
    public static ItemId? Read(string text, string param)
    {
        if (ItemId.TryParse(text, out var id)) return id;
        if (!Array.Exists(Others, other => text.StartsWith(other, StringComparison.Ordinal))) return null;
        throw new DialectException(
            400, "invalid_value", $"Invalid '{param}': '{text}'. Expected the id of an item, which begins with msg_, fc_, fco_, rs_ or cmp_.", param);
    }
}
