using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>kill -9 of one silo.</summary>
internal sealed class KillSilo : Fault
{
    public override string Name => "kill-silo";

    public override bool HitsSilos => true;

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var silo = Any(cluster.Processes.Silos, random);
        await silo.KillAsync();
        await LastAsync(random, 0, 3_000, stop);
        await ChaosCluster.ReviveAsync(silo, stop);
        return silo.Name;
    }
}
