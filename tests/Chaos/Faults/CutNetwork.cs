using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>A host loses sight of others, for longer than it takes to be given up.</summary>
internal sealed class CutNetwork(string name, bool isOfSilos, Func<ChaosCluster, Random, Task<string>> cut) : Fault
{
    public override string Name => name;

    // Cut off from a gateway alone, a silo is as good as any other to the rest.
    public override bool HitsSilos => isOfSilos;

    public override string? Forbidden => isOfSilos ? Firewall.Forbidden : Firewall.AnswersForbidden;

    public static IReadOnlyList<Fault> All =>
    [
        new CutNetwork("silo-net-cut", isOfSilos: true, (cluster, random) => CutSiloAsync(cluster, random, bothWays: true)),
        new CutNetwork("silo-net-one-way", isOfSilos: true, (cluster, random) => CutSiloAsync(cluster, random, bothWays: false)),
        new CutNetwork("gateway-net-cut", isOfSilos: false, (cluster, random) => CutGatewayAsync(cluster, random, requests: true, answers: true)),
        new CutNetwork("gateway-net-no-requests", isOfSilos: false, (cluster, random) => CutGatewayAsync(cluster, random, requests: true, answers: false)),
        new CutNetwork("gateway-net-no-answers", isOfSilos: false, (cluster, random) => CutGatewayAsync(cluster, random, requests: false, answers: true)),
    ];

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var length = AnyLength(cluster, random, 2_000, 15_000);
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
        return $"{whom} for {Text(length)}";
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

    private static async Task<string> CutGatewayAsync(ChaosCluster cluster, Random random, bool requests, bool answers)
    {
        var gateway = Any(cluster.Processes.Gateways, random);
        var silos = SilosOf(cluster, random);
        foreach (var silo in silos)
        {
            if (answers) await Firewall.DropAnswersAsync(ChaosCluster.NumberOf(gateway), silo.ClientPort);
            if (requests) await Firewall.DropToAsync(ChaosCluster.NumberOf(gateway), silo.ClientPort);
        }

        return $"{gateway.Name} from {string.Join(", ", silos.Select(silo => silo.Name))}";
    }
}
