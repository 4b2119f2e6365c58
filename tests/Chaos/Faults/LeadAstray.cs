using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>
/// What silos say to each other, or a gateway to silos, goes over wires of ours for a while, which are slow or lose a half. What was
/// open breaks at the beginning and at the end: the kernel leads new connections alone.
/// </summary>
internal sealed class LeadAstray(string name, bool hitsSilos, Func<ChaosCluster, Random, (string Whose, IReadOnlyList<(int Host, int Port)> Ways)> choose, Action<Link> harm) : Fault
{
    private const int Slowness = 100;

    public override string Name => name;

    public override bool HitsSilos => hitsSilos;

    public override string? Forbidden => Firewall.DetourForbidden;

    public static IReadOnlyList<Fault> All =>
    [
        new LeadAstray("silo-net-slow", hitsSilos: false, OfSilo, link => link.Slow(Slowness)),
        new LeadAstray("silo-net-half-closed", hitsSilos: true, OfSilo, link => link.CloseHalf()),
        new LeadAstray("gateway-net-slow", hitsSilos: false, OfGateway, link => link.Slow(Slowness)),
        new LeadAstray("gateway-net-half-closed", hitsSilos: false, OfGateway, link => link.CloseHalf()),
    ];

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var (whose, ways) = choose(cluster, random);
        var length = AnyLength(cluster, random, 3_000, 12_000);
        var links = ways.Select(way => new Link { Target = way.Port }).ToList();
        try
        {
            foreach (var (way, link) in ways.Zip(links)) await Firewall.LeadAsync(way.Host, way.Port, link.Port);
            // Whoever finds his connection broken makes another one, over the new way.
            await LastAsync(random, 1_000, 2_000, stop);
            foreach (var link in links) harm(link);
            await Task.Delay(length, stop);
        }
        finally
        {
            await Firewall.ClearAsync();
            foreach (var link in links) await link.DisposeAsync();
        }

        // One that was given up ends itself when it finds out.
        await LastAsync(random, 1_500, 2_500, stop);
        await Task.WhenAll(cluster.Hosts.Select(host => ChaosCluster.ReviveAsync(host, stop)));
        return $"{whose} for {Text(length)}";
    }

    private static (string, IReadOnlyList<(int, int)>) OfSilo(ChaosCluster cluster, Random random)
    {
        var silo = Any(cluster.Processes.Silos, random);
        var others = cluster.Processes.Silos.Where(other => other != silo).ToList();
        return (silo.Name, [
            .. others.Select(other => (ChaosCluster.NumberOf(silo), other.SiloPort)),
            .. others.Select(other => (ChaosCluster.NumberOf(other), silo.SiloPort)),
        ]);
    }

    private static (string, IReadOnlyList<(int, int)>) OfGateway(ChaosCluster cluster, Random random)
    {
        var gateway = Any(cluster.Processes.Gateways, random);
        var silos = SilosOf(cluster, random);
        return ($"{gateway.Name} from {string.Join(", ", silos.Select(silo => silo.Name))}", [.. silos.Select(silo => (ChaosCluster.NumberOf(gateway), silo.ClientPort))]);
    }
}
