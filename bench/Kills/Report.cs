using System.Globalization;
using System.Runtime.InteropServices;

namespace Conversations.Kills;

/// <summary>The figures, with what they were measured on.</summary>
internal sealed class Report(string commit)
{
    private readonly List<Figure> _figures = [];

    public void Add(Figure figure) => _figures.Add(figure);

    public async Task WriteAsync(string file)
    {
        var today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        string[] lines =
        [
            "# Kills",
            "",
            $"At {commit}, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} cores ({await ProcessorAsync()}), {today}; all processes and PostgreSQL on this",
            "one machine, three silos, membership profile *fast*, made by `deploy/kills`.",
            "",
            "| | count | p50 | p99 | longest |",
            "|---|---|---|---|---|",
            .. _figures.Select(figure => figure.ToString()),
        ];
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        await File.WriteAllLinesAsync(file, lines);
        foreach (var line in lines) await Console.Out.WriteLineAsync(line);
    }

    private static async Task<string> ProcessorAsync() =>
        (await File.ReadAllLinesAsync("/proc/cpuinfo")).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim() ?? "unknown";
}
