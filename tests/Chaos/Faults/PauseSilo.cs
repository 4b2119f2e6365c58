using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>A silo stops where it is and goes on later, when others may have taken its sessions: what it believes then must not count.</summary>
internal sealed class PauseSilo : Fault
{
    public override string Name => "pause-silo";

    public override bool HitsSilos => true;

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var silo = Any(cluster.Processes.Silos, random);
        // Mostly long enough to be given up, or nearly; now and then for as long as a machine may well be away.
        var length = random.Next(6) > 0 ? AnyLength(cluster, random, 1_000, 10_000) : AnyLength(cluster, random, 10_000, 60_000);
        silo.Pause();
        await Task.Delay(length, stop);
        silo.Resume();
        // Given up meanwhile, it ends itself when it finds out.
        await LastAsync(random, 1_500, 2_500, stop);
        await ChaosCluster.ReviveAsync(silo, stop);
        return $"{silo.Name} for {Text(length)}";
    }
}
