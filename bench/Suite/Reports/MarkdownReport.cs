using System.Globalization;
using Conversations.Suite.Cases;
using Conversations.Suite.Goals;
using Conversations.Suite.Results;

namespace Conversations.Suite.Reports;

/// <summary>The results as people read them.</summary>
internal static class MarkdownReport
{
    public static IEnumerable<string> Lines(string commit, Settings settings, IReadOnlyList<ICase> cases, AllResults results, IReadOnlyList<string> charts)
    {
        var today = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        yield return $"# Performance at {commit}";
        yield return "";
        yield return $"{Machine.Describe()}, {today}; drivers, servers and PostgreSQL on this one machine, durable commits, made by `bench/run`.";
        yield return Invariant($"Medians of {settings.Rounds} rounds of {settings.Seconds} s, least and most in brackets; {settings.Sessions} sessions, 200 characters each way.")
            + (settings.Quick ? " **A trial of the tool (`--quick`): long histories are not as long, many sessions not as many.**" : "");
        yield return "";
        yield return "## Goals";
        yield return "";
        yield return "| goal | bound | measured | met |";
        yield return "|---|---|---|---|";
        foreach (var goal in AllGoals.List)
        {
            var bound = Invariant($"{(goal.IsLeast ? "≥" : "≤")} {goal.Bound:#,0.##}");
            var met = goal.IsMet(results) switch { true => "yes", false => "**no**", null => "not measured" };
            yield return Invariant($"| {goal.Text} | {bound} | {goal.Measured(results):#,0.###} | {met} |");
        }

        foreach (var chart in charts) yield return $"\n![{Path.GetFileNameWithoutExtension(chart)}]({chart})";
        yield return "";
        yield return "## Figures";
        var all = results.All.ToLookup(series => series.Case);
        foreach (var @case in cases.Where(c => all.Contains(c.Name)))
        {
            yield return "";
            yield return $"**{@case.Name}**: {@case.What}";
            yield return "";
            yield return "| figure | median | least – most |";
            yield return "|---|---|---|";
            foreach (var series in all[@case.Name])
                yield return $"| {series.Figure} | {Number(series.Median)} | {Number(series.Least)} – {Number(series.Most)} |";
        }

        if (results.Faults.Count == 0) yield break;
        yield return "";
        yield return "## Not measured";
        yield return "";
        foreach (var fault in results.Faults) yield return $"* {fault}";
    }

    // Four places that say something, whatever the size.
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => Invariant($"{value:#,0}"),
        >= 1 => Invariant($"{value:0.##}"),
        _ => Invariant($"{value:0.####}"),
    };

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
