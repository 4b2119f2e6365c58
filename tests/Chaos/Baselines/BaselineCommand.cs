using System.CommandLine;
using System.Globalization;
using Conversations.Chaos.Reports;

namespace Conversations.Chaos.Baselines;

/// <summary>Shows what the usual ways to keep conversations lose, under the same callers and the same judge.</summary>
internal static class BaselineCommand
{
    private static readonly (string Kind, string What)[] Kinds =
    [
        ("dictionary", "a dictionary in each of two workers"),
        ("blob", "a row with the whole history as JSON, last write wins"),
        ("grain", "`IPersistentState<List<…>>` in the manner of the usual script"),
    ];

    private static readonly (BaselineTrouble Trouble, string What)[] Troubles =
    [
        (BaselineTrouble.Nothing, "nothing"),
        (BaselineTrouble.Kills, "workers killed"),
        (BaselineTrouble.Resets, "callers' connections reset"),
    ];

    public static Command Create()
    {
        var seconds = new Option<int>("--seconds") { Description = "How long each is tried, once in peace, once with workers killed, once with connections reset.", HelpName = "S", DefaultValueFactory = _ => 30 };
        var seed = new Option<int>("--seed") { Description = "What decides what happens when.", HelpName = "S", DefaultValueFactory = _ => 1 };
        var command = new Command("baselines", "Puts the usual ways to keep conversations before the same callers and the same judge.") { seconds, seed };
        command.SetAction(async (arguments, stop) =>
        {
            var lines = new List<string> { "| what keeps the conversations | what befell it | turns answered | violations | of which |", "|---|---|---|---|---|" };
            foreach (var (kind, what) in Kinds)
            {
                foreach (var (trouble, befell) in Troubles)
                {
                    var (turns, violations) = await BaselineRun.TryAsync(kind, arguments.GetValue(seed), TimeSpan.FromSeconds(arguments.GetValue(seconds)), trouble, stop);
                    var rules = violations.GroupBy(violation => $"{violation.Invariant} {violation.Rule}").OrderByDescending(rule => rule.Count()).Select(rule => $"{rule.Key} {rule.Count()}");
                    lines.Add(string.Create(CultureInfo.InvariantCulture, $"| {what} | {befell} | {turns:N0} | {violations.Count:N0} | {string.Join(", ", rules)} |"));
                    Progress.Note(lines[^1]);
                }
            }

            foreach (var line in lines) Console.WriteLine(line);
            return 0;
        });
        return command;
    }
}
