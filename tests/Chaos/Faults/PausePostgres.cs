using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>PostgreSQL hangs: connections stay open, and nothing is answered.</summary>
internal sealed class PausePostgres : Fault
{
    public override string Name => "pause-postgres";

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var length = AnyLength(cluster, random, 1_000, 8_000);
        cluster.Processes.Postgres!.Pause();
        await Task.Delay(length, stop);
        cluster.Processes.Postgres.Resume();
        return Text(length);
    }
}
