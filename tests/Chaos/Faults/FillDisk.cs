using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>The disk under PostgreSQL is full for a while.</summary>
internal sealed class FillDisk(DatabaseDisk disk) : Fault
{
    public override string Name => "disk-full";

    public override string? Forbidden => disk.Forbidden;

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var length = AnyLength(cluster, random, 2_000, 6_000);
        disk.Fill();
        try
        {
            await Task.Delay(length, stop);
        }
        finally
        {
            disk.Free();
        }

        // It may have ended itself rather than go on without its log; an operator starts it again.
        await cluster.Processes.Postgres!.StartAsync(stop);
        return Text(length);
    }
}
