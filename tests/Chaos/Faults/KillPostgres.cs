using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>kill -9 of all of PostgreSQL; its next start recovers from the log.</summary>
internal sealed class KillPostgres : Fault
{
    public override string Name => "kill-postgres";

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        await cluster.Processes.Postgres!.KillAsync();
        await LastAsync(random, 0, 2_000, stop);
        await cluster.Processes.Postgres.StartAsync(stop);
        return "";
    }
}
