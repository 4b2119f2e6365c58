using System.Diagnostics;
using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>Callers' connections are reset again and again, in whatever they are at: behind a request, in the middle of a stream.</summary>
internal sealed class ResetCallers : Fault
{
    public override string Name => "caller-net-resets";

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var length = AnyLength(cluster, random, 2_000, 8_000);
        var began = Stopwatch.GetTimestamp();
        var resets = 0;
        while (Stopwatch.GetElapsedTime(began) < length)
        {
            foreach (var link in Any(cluster.Doors, random).Links) link.Reset();
            resets++;
            await LastAsync(random, 20, 400, stop);
        }

        return $"{resets} times in {Text(length)}";
    }
}
