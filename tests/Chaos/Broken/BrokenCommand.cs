using System.CommandLine;
using Conversations.Chaos.Reports;

namespace Conversations.Chaos.Broken;

/// <summary>Shows that the judge can fail: builds services that are wrong on purpose, and says what caught each.</summary>
internal static class BrokenCommand
{
    public static Command Create()
    {
        var root = new Option<string>("--root") { Description = "The repository.", HelpName = "DIR", Required = true };
        var only = new Option<string?>("--only") { Description = "Only this one.", HelpName = "NAME" };
        var minutes = new Option<double>("--minutes") { Description = "How long each is tried at most.", HelpName = "M", DefaultValueFactory = _ => 6 };
        var seed = new Option<int>("--seed") { Description = "What decides what happens when.", HelpName = "S", DefaultValueFactory = _ => 1 };
        var command = new Command("broken", "Builds services that are wrong on purpose, and shows what catches each.") { root, only, minutes, seed };
        command.SetAction(async (arguments, stop) =>
        {
            var wanted = BrokenBuild.All.Where(broken => arguments.GetValue(only) is not { } name || broken.Name == name).ToList();
            if (wanted.Count == 0)
            {
                Console.Error.WriteLine($"There is no such broken build. There are: {string.Join(", ", BrokenBuild.All.Select(broken => broken.Name))}.");
                return 2;
            }

            var escaped = 0;
            var lines = new List<string> { "| broken build | what is wrong | under | caught by |", "|---|---|---|---|" };
            foreach (var broken in wanted)
            {
                var caught = await BrokenRun.CatchAsync(broken, arguments.GetValue(root)!, arguments.GetValue(seed), arguments.GetValue(minutes), stop);
                escaped += caught.Count == 0 ? 1 : 0;
                lines.Add($"| `{broken.Name}` | {broken.What} | {broken.Faults.Replace(",", ", ", StringComparison.Ordinal)} | {(caught.Count == 0 ? "**nothing**" : string.Join(", ", caught))} |");
                Progress.Note(lines[^1]);
            }

            foreach (var line in lines) Console.WriteLine(line);
            return escaped;
        });
        return command;
    }
}
