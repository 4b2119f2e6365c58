using System.Globalization;
using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>The network between one host, or all of them, and PostgreSQL fails.</summary>
internal sealed class CutPostgres(string name, Action<Link> harm) : Fault
{
    public override string Name => name;

    public static IReadOnlyList<Fault> All =>
    [
        new CutPostgres("postgres-net-cut", link => link.Cut()),
        new CutPostgres("postgres-net-silent", link => link.Hold(requests: true, answers: true)),
        new CutPostgres("postgres-net-no-requests", link => link.Hold(requests: true, answers: false)),
        new CutPostgres("postgres-net-no-answers", link => link.Hold(requests: false, answers: true)),
        new CutPostgres("postgres-net-slow", link => link.Slow(100)),
        new CutPostgres("postgres-net-half-closed", link => link.CloseHalf()),
    ];

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var host = random.Next(4) == 0 ? null : Any([.. cluster.Hosts], random);
        IReadOnlyList<Link> links = host is null ? [.. cluster.Links.Values] : [cluster.Links[host.Name]];
        var length = random.Next(1_000, 12_000);
        try
        {
            foreach (var link in links) harm(link);
            await Task.Delay(length, stop);
        }
        finally
        {
            foreach (var link in links) link.Mend();
        }

        return string.Create(CultureInfo.InvariantCulture, $"{host?.Name ?? "all"} for {length / 1_000.0:0.0} s");
    }
}
