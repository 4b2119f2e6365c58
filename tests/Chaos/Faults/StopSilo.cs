using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>SIGTERM to a silo while it streams.</summary>
internal sealed class StopSilo : Fault
{
    public override string Name => "stop-silo";

    public override bool HitsSilos => true;

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var silo = Any(cluster.Processes.Silos, random);
        await silo.TerminateAsync();
        await ChaosCluster.ReviveAsync(silo, stop);
        return silo.Name;
    }
}
