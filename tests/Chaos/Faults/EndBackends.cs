using System.Globalization;
using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>PostgreSQL ends connections in whatever they are doing.</summary>
internal sealed class EndBackends : Fault
{
    private const string Sql =
        "select count(pg_terminate_backend(pid)) from pg_stat_activity where pid <> pg_backend_pid() and backend_type = 'client backend' and random() < $1";

    public override string Name => "end-backends";

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        await using var command = cluster.Administration.CreateCommand(Sql);
        command.Parameters.AddWithValue(random.Next(2) == 0 ? 0.5 : 1.0);
        var ended = (long)(await command.ExecuteScalarAsync(stop))!;
        return string.Create(CultureInfo.InvariantCulture, $"{ended} connections");
    }
}
