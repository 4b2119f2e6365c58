using Conversations.Load.Targets;

namespace Conversations.Load.Sessions;

/// <summary>The activations of sessions in a silo.</summary>
internal static class Activations
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    /// <summary>Has all idle ones go, and returns when they are gone.</summary>
    public static async Task CollectAsync(InProcessSilo silo, CancellationToken stop)
    {
        var management = silo.Grains.GetGrain<IManagementGrain>(0);
        do
        {
            await management.ForceActivationCollection(TimeSpan.Zero, stop);
            await Task.Delay(Look, stop);
        }
        while (await CountAsync(silo) > 0);
    }

    /// <summary>How many there are.</summary>
    public static async Task<int> CountAsync(InProcessSilo silo)
    {
        var statistics = await silo.Grains.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics();
        return statistics.Where(grain => grain.GrainType.Contains("SessionGrain", StringComparison.Ordinal)).Sum(grain => grain.ActivationCount);
    }
}
