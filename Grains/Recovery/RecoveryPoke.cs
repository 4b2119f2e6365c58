using Conversations.Journal.Sharding;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Recovery;

/// <summary>Pokes the recovery grain of each database, from every silo: when the cluster changes, and every ten seconds whatever happens.</summary>
internal sealed partial class RecoveryPoke(
    IGrainFactory grains, IClusterMembershipService membership, ShardMap shards, TimeProvider time, ILogger<RecoveryPoke> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, shards.Count).Select(database => PokeAsync(database, stoppingToken)));

    // Each by itself: a database that is away holds up its own sessions alone.
    private async Task PokeAsync(int database, CancellationToken stoppingToken)
    {
        var changes = membership.MembershipUpdates.GetAsyncEnumerator(stoppingToken);
        var change = changes.MoveNextAsync().AsTask();
        while (!stoppingToken.IsCancellationRequested)
        {
            using var tick = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var first = await Task.WhenAny(change, Task.Delay(Period, time, tick.Token));
            await tick.CancelAsync();
            if (first == change && !change.IsCanceled) change = await change ? changes.MoveNextAsync().AsTask() : Task.FromCanceled<bool>(stoppingToken);
            if (!stoppingToken.IsCancellationRequested) await PokeAsync(database);
        }
    }

    private async Task PokeAsync(int database)
    {
        try
        {
            await grains.GetGrain<IRecoveryGrain>(database).ScanAsync();
        }
        catch (Exception e)
        {
            // While the cluster changes or the database is away this is to be expected, and the next poke comes.
            LogFailed(e.GetType().Name);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "Recovery could not look for abandoned turns now ({Fault})")]
    private partial void LogFailed(string fault);
}
