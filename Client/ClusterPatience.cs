namespace Conversations.Client;

/// <summary>Tries to connect to the cluster until it is there.</summary>
internal sealed partial class ClusterPatience(TimeProvider time, ILogger<ClusterPatience> logger) : IClientConnectionRetryFilter
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);
    private int _tries;

    public async Task<bool> ShouldRetryConnectionAttempt(Exception exception, CancellationToken cancellationToken)
    {
        LogWaiting(logger, exception, ++_tries);
        await Task.Delay(Pause, time, cancellationToken);
        return true;
    }
}
