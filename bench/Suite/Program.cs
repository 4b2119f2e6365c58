using System.CommandLine;
using Conversations.Launcher;
using Conversations.Load;
using Conversations.Suite;
using Conversations.Suite.Cases;
using Conversations.Suite.Reports;

var only = new Option<string?>("--only") { Description = $"Which cases, with commas between them: {string.Join(", ", AllCases.List.Select(c => c.Name))}. Default: all.", HelpName = "CASE,CASE" };
var rounds = new Option<int>("--rounds") { Description = "How many rounds.", HelpName = "N", DefaultValueFactory = _ => 3 };
var seconds = new Option<double>("--seconds") { Description = "How long a round of a case lasts.", HelpName = "S", DefaultValueFactory = _ => 10 };
var warmup = new Option<double>("--warmup") { Description = "How long before it nothing is measured, for each process of ours.", HelpName = "S", DefaultValueFactory = _ => 25 };
var sessions = new Option<int>("--sessions") { Description = "How many sessions have turns at the same time.", HelpName = "N", DefaultValueFactory = _ => 64 };
var quick = new Option<bool>("--quick") { Description = "Tries the tool itself: one round of two seconds, a history of 1,000 items in place of 10,000, 2,000 sessions in place of 100,000." };
var commit = new Option<string>("--commit") { Description = "What is measured; the files are named for it.", DefaultValueFactory = _ => "unknown" };
var results = new Option<string>("--results") { Description = "Where the files go.", HelpName = "DIRECTORY", DefaultValueFactory = _ => Path.Combine(Repository.Root, "bench", "results") };
var command = new RootCommand("Measures everything, beside the baselines and in turns, and says which goals are met.")
{
    only, rounds, seconds, warmup, sessions, quick, commit, results,
};
command.SetAction(async (arguments, stop) =>
{
    var isQuick = arguments.GetValue(quick);
    var settings = new Settings
    {
        Rounds = isQuick ? 1 : arguments.GetValue(rounds),
        Seconds = isQuick ? 2 : arguments.GetValue(seconds),
        Warmup = isQuick ? 2 : arguments.GetValue(warmup),
        Sessions = arguments.GetValue(sessions),
        Quick = isQuick,
    };
    var cases = Selection.Of(arguments.GetValue(only));
    var all = await Rounds.RunAsync(cases, settings, stop);
    await new Output(arguments.GetValue(results)!, arguments.GetValue(commit)!).WriteAsync(settings, cases, all, stop);
});
try
{
    return await command.Parse(args).InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // Silos and databases end in good order.
        ProcessTerminationTimeout = TimeSpan.FromMinutes(1),
    });
}
catch (Exception fault) when (fault is TurnException or LauncherException)
{
    await Console.Error.WriteLineAsync(fault.Message);
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
