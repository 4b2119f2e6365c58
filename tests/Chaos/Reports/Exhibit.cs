using System.Text.Json;
using Conversations.Chaos.Rounds;
using Conversations.Chaos.World;

namespace Conversations.Chaos.Reports;

/// <summary>What is kept of a round in which something was violated: how to run it again, the faults, the evidence, the database, every process' log.</summary>
internal static class Exhibit
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static async Task KeepAsync(string directory, string command, string commit, RoundResult result, ChaosCluster cluster, CancellationToken stop)
    {
        Directory.CreateDirectory(directory);
        await WriteAsync("run.json", new { command, commit, round = result.Number, seedOfTheRound = result.Seed, faults = result.Strikes.Select(strike => strike.Fault) });
        await WriteAsync("violations.json", result.Violations);
        await WriteAsync("faults.json", result.Strikes);
        await WriteAsync("evidence.json", result.File);
        await DatabaseDump.WriteAsync(cluster.Database, Path.Combine(directory, "database"), stop);
        foreach (var log in Directory.EnumerateFiles(cluster.LogDirectory)) File.Copy(log, Path.Combine(directory, Path.GetFileName(log)), overwrite: true);

        async Task WriteAsync<T>(string name, T value)
        {
            await using var file = File.Create(Path.Combine(directory, name));
            await JsonSerializer.SerializeAsync(file, value, Json, stop);
        }
    }
}
