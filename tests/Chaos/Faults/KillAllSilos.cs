using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>kill -9 of all silos at once.</summary>
internal sealed class KillAllSilos : Fault
{
    public override string Name => "kill-all-silos";

    public override bool HitsSilos => true;

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        await Task.WhenAll(cluster.Processes.Silos.Select(silo => silo.KillAsync()));
        await LastAsync(random, 0, 2_000, stop);
        await Task.WhenAll(cluster.Processes.Silos.Select(silo => ChaosCluster.ReviveAsync(silo, stop)));
        return "all";
    }
}
