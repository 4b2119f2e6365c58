using System.Globalization;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>
/// The header with which OpenAI's own clients say how often they have sent a request before. They send a POST again by themselves, without
/// any key, when its answer is lost on the way.
/// </summary>
internal static class ClientRetries
{
    public const string Header = "X-Stainless-Retry-Count";

    /// <summary>How often it was sent before; null: the client does not count.</summary>
    public static int? Read(string? header) => int.TryParse(header, NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : null;
}
