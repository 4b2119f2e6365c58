using System.Text.Json;
using Conversations.Chaos.Rounds;

namespace Conversations.Chaos.Reports;

/// <summary>What is kept of a round in which something was violated: the evidence, the faults, every process' log.</summary>
internal static class Exhibit
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public static async Task KeepAsync(string directory, RoundResult result, string logs, CancellationToken stop)
    {
        Directory.CreateDirectory(directory);
        await WriteAsync("violations.json", result.Violations);
        await WriteAsync("faults.json", result.Strikes);
        await WriteAsync("evidence.json", result.File);
        foreach (var log in Directory.EnumerateFiles(logs)) File.Copy(log, Path.Combine(directory, Path.GetFileName(log)), overwrite: true);

        async Task WriteAsync<T>(string name, T value)
        {
            await using var file = File.Create(Path.Combine(directory, name));
            await JsonSerializer.SerializeAsync(file, value, Json, stop);
        }
    }
}
