using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Recovery;

/// <summary>Pokes the recovery grain, from every silo: when the cluster changes, and every ten seconds whatever happens.</summary>
internal sealed partial class RecoveryPoke(
    IGrainFactory grains, IClusterMembershipService membership, TimeProvider time, ILogger<RecoveryPoke> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var changes = membership.MembershipUpdates.GetAsyncEnumerator(stoppingToken);
        var change = changes.MoveNextAsync().AsTask();
        while (!stoppingToken.IsCancellationRequested)
        {
            using var tick = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            var first = await Task.WhenAny(change, Task.Delay(Period, time, tick.Token));
            await tick.CancelAsync();
            if (first == change && !change.IsCanceled) change = await change ? changes.MoveNextAsync().AsTask() : Task.FromCanceled<bool>(stoppingToken);
            if (!stoppingToken.IsCancellationRequested) await PokeAsync();
        }
    }

    private async Task PokeAsync()
    {
        try
        {
            await grains.GetGrain<IRecoveryGrain>(0).ScanAsync();
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
