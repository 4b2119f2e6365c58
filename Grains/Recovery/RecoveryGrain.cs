using Conversations.Journal.Reading;
using Conversations.Sessions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Configuration;

namespace Conversations.Grains.Recovery;

/// <inheritdoc cref="IRecoveryGrain"/>
[Reentrant, GrainType("recovery")]
internal sealed partial class RecoveryGrain(IOrphanedSessions orphans, IOptions<ClusterOptions> cluster, ILogger<RecoveryGrain> log) : Grain, IRecoveryGrain
{
    // Enough to keep the silos busy with activations, few enough not to drown them.
    private const int AtOnce = 32;
    private const int Batch = 500;

    private Task? _scan;
    private bool _again;

    public async Task ScanAsync()
    {
        if (_scan is not null)
        {
            // What happened since the scan began may not be in it.
            _again = true;
            await _scan;
            return;
        }

        try
        {
            do
            {
                _again = false;
                _scan = ScanOnceAsync();
                await _scan;
            }
            while (_again);
        }
        finally
        {
            _scan = null;
        }
    }

    private async Task ScanOnceAsync()
    {
        var woken = new HashSet<SessionKey>();
        while (true)
        {
            var found = await orphans.FindAsync((int)this.GetPrimaryKeyLong(), cluster.Value.ClusterId, woken.Count + Batch, CancellationToken.None);
            var fresh = found.Where(woken.Add).ToList();
            if (fresh.Count == 0) return;
            LogWaking(fresh.Count);
            foreach (var some in fresh.Chunk(AtOnce)) await Task.WhenAll(some.Select(WakeAsync));
            if (found.Count < woken.Count) return;
        }
    }

    private async Task WakeAsync(SessionKey key)
    {
        try
        {
            await GrainFactory.GetGrain<ISessionGrain>(key.ToString()).WakeAsync();
        }
        catch (Exception e)
        {
            // The next scan finds it again.
            LogNotWoken(e, key.Tenant, key.Id);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Waking {Count} sessions whose turns nobody runs")]
    private partial void LogWaking(int count);

    [LoggerMessage(2, LogLevel.Warning, "Session {Session} of {Tenant} could not be woken; the next scan tries again")]
    private partial void LogNotWoken(Exception exception, string tenant, string session);
}
