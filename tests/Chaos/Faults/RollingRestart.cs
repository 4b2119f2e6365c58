using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>A deployment: every silo and gateway is stopped and started, one after the other.</summary>
internal sealed class RollingRestart : Fault
{
    public override string Name => "rolling-restart";

    public override bool HitsSilos => true;

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        foreach (var host in cluster.Hosts)
        {
            await host.TerminateAsync();
            await ChaosCluster.ReviveAsync(host, stop);
        }

        return "all";
    }
}
