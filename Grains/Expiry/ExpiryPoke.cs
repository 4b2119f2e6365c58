using Conversations.Journal.Sharding;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Expiry;

/// <summary>Pokes the expiry grain of each database once a minute, from every silo.</summary>
internal sealed partial class ExpiryPoke(IGrainFactory grains, ShardMap shards, TimeProvider time, ILogger<ExpiryPoke> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, shards.Count).Select(database => PokeAsync(database, stoppingToken)));

    private async Task PokeAsync(int database, CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await grains.GetGrain<IExpiryGrain>(database).SweepAsync();
            }
            catch (Exception e)
            {
                // While the cluster changes or the database is away this is to be expected, and the next poke comes.
                LogFailed(log, e.GetType().Name);
            }
        }
    }
}
