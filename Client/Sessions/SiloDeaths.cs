namespace Conversations.Client.Sessions;

/// <summary>
/// Says that a silo died. Which calls went through it is not knowable in a cluster client, so every waiting call is told.
/// </summary>
internal sealed class SiloDeaths : IDisposable
{
    private CancellationTokenSource _next = new();

    /// <summary>Cancelled at the next death after this property was read.</summary>
    public CancellationToken Next => Volatile.Read(ref _next).Token;

    /// <summary>Tells all who wait.</summary>
    public void Tell()
    {
        // Not disposed: somebody may be about to listen, and a cancelled source without a timer holds nothing.
        Interlocked.Exchange(ref _next, new CancellationTokenSource()).Cancel();
    }

    public void Dispose() => _next.Dispose();
}
