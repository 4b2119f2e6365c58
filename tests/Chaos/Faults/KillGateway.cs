using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>kill -9 of one gateway.</summary>
internal sealed class KillGateway : Fault
{
    public override string Name => "kill-gateway";

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var gateway = Any(cluster.Processes.Gateways, random);
        await gateway.KillAsync();
        await LastAsync(random, 0, 1_000, stop);
        await ChaosCluster.ReviveAsync(gateway, stop);
        return gateway.Name;
    }
}
