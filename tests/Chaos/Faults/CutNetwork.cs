using System.Globalization;
using Conversations.Chaos.World;
using Conversations.Launcher.Hosts;

namespace Conversations.Chaos.Faults;

/// <summary>A host loses sight of others, for longer than it takes to be given up.</summary>
internal sealed class CutNetwork(string name, Func<ChaosCluster, Random, Task<string>> cut) : Fault
{
    public override string Name => name;

    public override bool HitsSilos => true;

    public override string? Forbidden => Firewall.Forbidden;

    public static IReadOnlyList<Fault> All =>
    [
        new CutNetwork("silo-net-cut", (cluster, random) => CutSiloAsync(cluster, random, bothWays: true)),
        new CutNetwork("silo-net-one-way", (cluster, random) => CutSiloAsync(cluster, random, bothWays: false)),
        new CutNetwork("gateway-net-cut", CutGatewayAsync),
    ];

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var length = random.Next(2_000, 15_000);
        string whom;
        try
        {
            whom = await cut(cluster, random);
            await Task.Delay(length, stop);
        }
        finally
        {
            await Firewall.ClearAsync();
        }

        // One that was given up ends itself when it finds out.
        await LastAsync(random, 1_500, 2_500, stop);
        await Task.WhenAll(cluster.Hosts.Select(host => ChaosCluster.ReviveAsync(host, stop)));
        return string.Create(CultureInfo.InvariantCulture, $"{whom} for {length / 1_000.0:0.0} s");
    }

    // One way: it hears the others, and can answer them, but what it says of itself never arrives.
    private static async Task<string> CutSiloAsync(ChaosCluster cluster, Random random, bool bothWays)
    {
        var silo = Any(cluster.Processes.Silos, random);
        var number = ChaosCluster.NumberOf(silo);
        foreach (var other in cluster.Processes.Silos.Where(other => other != silo)) await Firewall.DropToAsync(number, other.SiloPort);
        if (bothWays) await Firewall.DropFromAsync(number, silo.SiloPort);
        return silo.Name;
    }

    private static async Task<string> CutGatewayAsync(ChaosCluster cluster, Random random)
    {
        var gateway = Any(cluster.Processes.Gateways, random);
        IReadOnlyList<SiloProcess> silos = random.Next(2) == 0 ? cluster.Processes.Silos : [Any(cluster.Processes.Silos, random)];
        foreach (var silo in silos) await Firewall.DropToAsync(ChaosCluster.NumberOf(gateway), silo.ClientPort);
        return $"{gateway.Name} from {string.Join(", ", silos.Select(silo => silo.Name))}";
    }
}
