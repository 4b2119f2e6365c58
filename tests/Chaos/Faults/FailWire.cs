using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>The network fails between hosts and PostgreSQL, or between callers and gateways.</summary>
internal sealed class FailWire(string name, Func<ChaosCluster, Random, (string Whose, IReadOnlyList<Link> Links)> choose, Action<Link> harm) : Fault
{
    private const int Slowness = 100;

    public override string Name => name;

    public static IReadOnlyList<Fault> All =>
    [
        new FailWire("postgres-net-cut", OfHosts, link => link.Cut()),
        new FailWire("postgres-net-silent", OfHosts, link => link.Hold(requests: true, answers: true)),
        new FailWire("postgres-net-no-requests", OfHosts, link => link.Hold(requests: true, answers: false)),
        new FailWire("postgres-net-no-answers", OfHosts, link => link.Hold(requests: false, answers: true)),
        new FailWire("postgres-net-slow", OfHosts, link => link.Slow(Slowness)),
        new FailWire("postgres-net-half-closed", OfHosts, link => link.CloseHalf()),
        new FailWire("caller-net-cut", OfCallers, link => link.Cut()),
        new FailWire("caller-net-lost-answers", OfCallers, link => link.Hold(requests: false, answers: true)) { Breaks = true },
        new FailWire("caller-net-slow", OfCallers, link => link.Slow(Slowness)),
        new FailWire("caller-net-half-closed", OfCallers, link => link.CloseHalf()),
    ];

    /// <summary>Whether what was held is lost in the end, and its connection with it.</summary>
    private bool Breaks { get; init; }

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var (whose, links) = choose(cluster, random);
        var length = AnyLength(cluster, random, 1_000, 12_000);
        try
        {
            foreach (var link in links) harm(link);
            await Task.Delay(length, stop);
        }
        finally
        {
            foreach (var link in links)
            {
                if (Breaks) link.Reset();
                link.Mend();
            }
        }

        return $"{whose} for {Text(length)}";
    }

    private static (string, IReadOnlyList<Link>) OfHosts(ChaosCluster cluster, Random random)
    {
        var host = random.Next(4) == 0 ? null : Any([.. cluster.Hosts], random);
        return host is null ? ("all", [.. cluster.Links.Values]) : (host.Name, [cluster.Links[host.Name]]);
    }

    private static (string, IReadOnlyList<Link>) OfCallers(ChaosCluster cluster, Random random)
    {
        var door = random.Next(4) == 0 ? null : Any(cluster.Doors, random);
        return door is null ? ("all", [.. cluster.Doors.SelectMany(each => each.Links)]) : (door.Gateway.Name, door.Links);
    }
}
