using System.Globalization;
using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>A silo stops where it is and goes on later, when others may have taken its sessions: what it believes then must not count.</summary>
internal sealed class PauseSilo(int longestSeconds) : Fault
{
    public override string Name => "pause-silo";

    public override bool HitsSilos => true;

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var silo = Any(cluster.Processes.Silos, random);
        var length = random.Next(1_000, longestSeconds * 1_000);
        silo.Pause();
        await Task.Delay(length, stop);
        silo.Resume();
        // Given up meanwhile, it ends itself when it finds out.
        await LastAsync(random, 1_500, 2_500, stop);
        await ChaosCluster.ReviveAsync(silo, stop);
        return string.Create(CultureInfo.InvariantCulture, $"{silo.Name} for {length / 1_000.0:0.0} s");
    }
}
