using System.Text.Json;
using Conversations.Load.Reports;
using Conversations.Suite.Cases;
using Conversations.Suite.Goals;
using Conversations.Suite.Results;

namespace Conversations.Suite.Reports;

/// <summary>Puts the results where they are kept.</summary>
/// <param name="directory">The directory.</param>
/// <param name="commit">What was measured; the files are named for it.</param>
internal sealed class Output(string directory, string commit)
{
    public async Task WriteAsync(Settings settings, IReadOnlyList<ICase> cases, AllResults results, CancellationToken stop)
    {
        Directory.CreateDirectory(directory);
        var charts = new List<string>();
        await DrawAsync("turns", "turns per second (pgbench: transactions)", Figure.Rate);
        await DrawAsync("p50", "median latency of a turn, milliseconds", Figure.P50);
        var lines = MarkdownReport.Lines(commit, settings, cases, results, charts).ToList();
        await File.WriteAllLinesAsync(Path.Combine(directory, $"{commit}.md"), lines, stop);
        await File.WriteAllTextAsync(Path.Combine(directory, $"{commit}.json"), JsonSerializer.Serialize(Data(settings, results), Report.Json) + "\n", stop);
        foreach (var line in lines) await Console.Out.WriteLineAsync(line);

        async Task DrawAsync(string name, string title, string figure)
        {
            var bars = results.All.Where(series => series.Figure == figure).OrderByDescending(series => series.Median).ToList();
            if (bars.Count == 0) return;
            charts.Add($"{commit}-{name}.svg");
            await File.WriteAllTextAsync(Path.Combine(directory, charts[^1]), BarChart.Draw(title, bars), stop);
        }
    }

    private object Data(Settings settings, AllResults results) => new
    {
        commit,
        machine = Machine.Describe(),
        settings,
        goals = AllGoals.List.Select(goal => new { goal.Text, goal.Bound, goal.IsLeast, measured = goal.Measured(results), met = goal.IsMet(results) }),
        figures = results.All.Select(series => new { series.Case, series.Figure, series.Median, series.Values }),
        results.Faults,
    };
}
