using System.Diagnostics;
using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>Every core is wanted by several processes more.</summary>
internal sealed class BusyCores : Fault
{
    public override string Name => "busy-cores";

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var length = AnyLength(cluster, random, 3_000, 10_000);
        // They die with this process, however it ends.
        var loops = Enumerable.Range(0, 2 * Environment.ProcessorCount)
            .Select(_ => Process.Start("setpriv", ["--pdeathsig", "KILL", "sh", "-c", "while :; do :; done"]))
            .ToList();
        try
        {
            await Task.Delay(length, stop);
        }
        finally
        {
            foreach (var loop in loops)
            {
                loop.Kill();
                await loop.WaitForExitAsync(CancellationToken.None);
                loop.Dispose();
            }
        }

        return $"{loops.Count} loops for {Text(length)}";
    }
}
