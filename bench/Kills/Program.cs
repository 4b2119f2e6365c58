using System.CommandLine;
using Conversations.Kills;

var kills = new Option<int>("--kills") { Description = "How many kills, for each kind of gateway; 0 leaves that out.", HelpName = "N", DefaultValueFactory = _ => 50 };
var minutes = new Option<int>("--minutes") { Description = "How long all cores are kept busy; 0 leaves that out.", HelpName = "M", DefaultValueFactory = _ => 10 };
var commit = new Option<string>("--commit") { Description = "What is measured, for the report.", DefaultValueFactory = _ => "unknown" };
var report = new Option<string>("--report") { Description = "The file to write.", HelpName = "FILE", Required = true };
var command = new RootCommand("Kills silos and measures how soon their sessions answer again; keeps all cores busy and counts silos wrongly given up.")
{
    kills, minutes, commit, report,
};
command.SetAction(async (arguments, stop) =>
{
    var figures = new Report(arguments.GetValue(commit)!);
    if (arguments.GetValue(kills) is > 0 and var count)
    {
        figures.Add(await NextTurns.MeasureAsync("separate gateway", mounted: false, count, stop));
        figures.Add(await NextTurns.MeasureAsync("gateway in a silo", mounted: true, count, stop));
    }

    if (arguments.GetValue(minutes) is > 0 and var length) figures.Add(await FalseEvictions.CountAsync(TimeSpan.FromMinutes(length), stop));
    await figures.WriteAsync(arguments.GetValue(report)!);
});
return await command.Parse(args).InvokeAsync();
