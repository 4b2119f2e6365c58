namespace Conversations.Client.Requests;

/// <summary>The name of one request in every log: the caller's own, if it is sane, else ours.</summary>
internal static class RequestId
{
    public const string Header = "x-request-id";

    private const int MaxLength = 128;

    public static string Of(HttpRequest request, TimeProvider time)
    {
        var theirs = request.Headers[Header].ToString();
        return IsSane(theirs) ? theirs : "req_" + Guid.CreateVersion7(time.GetUtcNow()).ToString("N");
    }

    /// <summary>Whether it can be written into a header and a log as it is.</summary>
    public static bool IsSane(string id) =>
        id.Length is > 0 and <= MaxLength && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '+' or '=');
}
