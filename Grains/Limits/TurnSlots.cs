using Conversations.Grains.Sessions;
using Microsoft.Extensions.Options;

namespace Conversations.Grains.Limits;

/// <summary>
/// How many turns of this silo run at once. Further ones are accepted and on disk, and stand in line, first come, first served: a
/// refusal would only send their callers to the same silo again.
/// </summary>
internal sealed class TurnSlots(IOptions<SessionOptions> options) : IDisposable
{
    private readonly SemaphoreSlim _free = new(options.Value.TurnsPerSilo);

    /// <summary>Waits for a place; it is given back by disposing what is returned.</summary>
    /// <exception cref="OperationCanceledException">The turn was stopped before its time came.</exception>
    public async ValueTask<IDisposable> EnterAsync(CancellationToken stop)
    {
        await _free.WaitAsync(stop);
        return new Place(_free);
    }

    public void Dispose() => _free.Dispose();

    private sealed class Place(SemaphoreSlim free) : IDisposable
    {
        public void Dispose() => free.Release();
    }
}
