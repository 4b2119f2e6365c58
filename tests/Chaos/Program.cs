using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Conversations.Chaos.Baselines;
using Conversations.Chaos.Broken;
using Conversations.Chaos.Faults;
using Conversations.Chaos.Reports;
using Conversations.Chaos.Rounds;
using Conversations.Chaos.World;

var minutes = new Option<double>("--minutes") { Description = "How long, about; whole rounds are run.", HelpName = "M", DefaultValueFactory = _ => 5 };
var seed = new Option<int>("--seed") { Description = "What decides what happens when.", HelpName = "S", DefaultValueFactory = _ => 1 };
var only = new Option<string?>("--faults") { Description = "Only these, separated by commas.", HelpName = "NAMES" };
var perRound = new Option<int>("--faults-per-round") { Description = "How many faults strike before all is calmed and judged.", HelpName = "N", DefaultValueFactory = _ => 6 };
var keep = new Option<string>("--keep") { Description = "Where to keep what is needed to look into a violation.", HelpName = "DIR", DefaultValueFactory = _ => Path.Combine(Path.GetTempPath(), "conversations-chaos") };
var reports = new Option<string?>("--report") { Description = "The directory for the report. Default: it is only printed.", HelpName = "DIR" };
var commit = new Option<string>("--commit") { Description = "What is tried, for the report.", DefaultValueFactory = _ => "unknown" };
var once = new Option<bool>("--once") { Description = "Each fault once, in place of --minutes." };
var untilViolation = new Option<bool>("--until-violation") { Description = "Stop after the first round in which something was violated." };
var command = new RootCommand("Breaks a running service in every way it knows, and judges from the outside whether anything was lost, doubled or reordered.")
{
    minutes, seed, only, perRound, keep, reports, commit, once, untilViolation,
};
command.SetAction(async (arguments, stop) =>
{
    var names = arguments.GetValue(only)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
    var random = new Random(arguments.GetValue(seed));
    var length = TimeSpan.FromMinutes(arguments.GetValue(minutes));
    Progress.Say("starting PostgreSQL, three silos, two gateways");
    await using var cluster = await ChaosCluster.StartAsync(stop);
    if (arguments.GetValue(once)) cluster.LongestFault = TimeSpan.FromSeconds(4);
    var all = AllFaults.Of(cluster);
    if (names?.FirstOrDefault(name => all.All(fault => fault.Name != name)) is { } unknown)
    {
        Console.Error.WriteLine($"There is no fault '{unknown}'. There are: {string.Join(", ", all.Select(fault => fault.Name))}.");
        return 2;
    }

    var wanted = all.Where(fault => names is null || names.Contains(fault.Name)).ToList();
    var report = new Report(
        arguments.GetValue(commit)!, CommandLine(arguments), arguments.GetValue(seed), wanted.Where(fault => fault.Forbidden is not null).ToDictionary(fault => fault.Name, fault => fault.Forbidden!));
    var chosen = wanted.Where(fault => fault.Forbidden is null).ToList();
    var began = Stopwatch.GetTimestamp();
    var deck = new Queue<Fault>();
    for (var number = 1; number == 1 || (arguments.GetValue(once) ? deck.Count > 0 : Stopwatch.GetElapsedTime(began) < length); number++)
    {
        var faults = new List<Fault>();
        while (faults.Count < arguments.GetValue(perRound) && !(arguments.GetValue(once) && number > 1 && deck.Count == 0))
        {
            // Each once before any comes again.
            if (deck.Count == 0) deck = new Queue<Fault>(chosen.OrderBy(_ => random.Next()));
            faults.Add(deck.Dequeue());
        }

        var result = await new Round(cluster, number, random.Next(), faults, stop).RunAsync();
        report.Add(result, Stopwatch.GetElapsedTime(began));
        Progress.Sum = $"{(arguments.GetValue(once) ? "" : $" of {length:hh\\:mm\\:ss}")}, {report.Faults} faults, {report.Violations.Count()} violations;";
        Progress.Note(
            $"round {number}: {result.File.Operations.Count} operations, {result.Says.Count()} turns, {result.Unknown} unknown, {result.Strikes.Count} faults "
            + $"({string.Join(", ", result.Strikes.Select(strike => strike.Fault))}), {result.Violations.Count} violations");
        foreach (var violation in result.Violations.Take(20)) Progress.Note($"  {violation}");
        if (result.Violations.Count > 0) await Exhibit.KeepAsync(Path.Combine(arguments.GetValue(keep)!, $"seed-{arguments.GetValue(seed)}-round-{number}"), report.Command, arguments.GetValue(commit)!, result, cluster, stop);
        if (result.Violations.Count > 0 && arguments.GetValue(untilViolation)) break;
    }

    foreach (var line in report.Lines()) Console.WriteLine(line);
    if (arguments.GetValue(reports) is { } directory) await report.WriteAsync(directory, stop);
    return report.Violations.Any() ? 1 : 0;
});
command.Subcommands.Add(BrokenCommand.Create());
command.Subcommands.Add(BaselineCommand.Create());
return await command.Parse(args).InvokeAsync();

// What repeats this run.
string CommandLine(ParseResult arguments) => string.Create(
    CultureInfo.InvariantCulture,
    $"deploy/chaos {(arguments.GetValue(once) ? "--once" : $"--minutes {arguments.GetValue(minutes)}")} --seed {arguments.GetValue(seed)}{(arguments.GetValue(only) is { } names ? $" --faults {names}" : "")}{(arguments.GetResult(perRound) is { Implicit: false } ? $" --faults-per-round {arguments.GetValue(perRound)}" : "")}");
