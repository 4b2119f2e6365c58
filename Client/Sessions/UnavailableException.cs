namespace Conversations.Client.Sessions;

/// <summary>A fault that outlasted the retries. Whether the wish was carried out is unknown; the same request again finds out.</summary>
/// <param name="retryAfter">How long to wait before that.</param>
/// <param name="inner">The last fault, for the log.</param>
public sealed class UnavailableException(TimeSpan retryAfter, Exception inner)
    : Exception("The service cannot answer just now: send the same request again in a moment.", inner)
{
    /// <summary>How long to wait before the next try.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
