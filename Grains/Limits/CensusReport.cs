using System.Collections.Immutable;
using Conversations.Grains.Sessions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Conversations.Grains.Limits;

/// <summary>Says each second how many sessions of each tenant are at work here, and learns how many are elsewhere.</summary>
internal sealed partial class CensusReport(
    IGrainFactory grains, TenantSeats seats, SiloIdentity silo, TimeProvider time, ILogger<CensusReport> log) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var learned = time.GetTimestamp();
        using var tick = new PeriodicTimer(Period, time);
        while (await tick.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var elsewhere = await grains.GetGrain<ICensusGrain>(0).ReportAsync(silo.Address, seats.Here.AsImmutable());
                seats.Learn(elsewhere.Value);
                learned = time.GetTimestamp();
            }
            catch (Exception e)
            {
                // While the cluster changes this is to be expected. What is too old must refuse nobody.
                LogFailed(e.GetType().Name);
                if (time.GetElapsedTime(learned) > Census.Lifetime) seats.Learn(ImmutableDictionary<string, int>.Empty);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The count of turns by tenant could not be shared now ({Fault})")]
    private partial void LogFailed(string fault);
}
