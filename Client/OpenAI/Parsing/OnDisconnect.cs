using Conversations.Client.OpenAI.Errors;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>
/// Reads what is to happen to the turn if its caller goes away: the body's <c>on_disconnect</c>, or the header
/// <c>X-On-Disconnect</c> for clients that cannot add to the body.
/// </summary>
internal static class OnDisconnect
{
    public const string Header = "X-On-Disconnect";

    private const string Continue = "continue";
    private const string Cancel = "cancel";

    /// <summary>Whether to cancel; null if the body does not say.</summary>
    public static bool? Read(RequestNode? member) => member?.OneOf(Continue, Cancel) switch
    {
        null => null,
        var word => word == Cancel,
    };

    /// <summary>Whether to cancel; false if the header does not say.</summary>
    public static bool Read(string? header) => header?.Trim().ToLowerInvariant() switch
    {
        null or "" or Continue => false,
        Cancel => true,
        _ => throw new DialectException(400, "invalid_value", $"The header {Header} must be one of: {Continue}, {Cancel}.", Header),
    };
}
