using System.CommandLine;
using System.Globalization;
using Conversations.Load.Gauges;
using Conversations.Load.Reports;
using Conversations.Load.Targets;
using Npgsql;

namespace Conversations.Load.Commands;

/// <summary><c>in-process</c>: a silo in this process, called as the gateway in it calls it.</summary>
internal static class InProcessCommand
{
    public static Command Create()
    {
        var plan = new PlanOptions();
        var connection = new Option<string?>("--connection")
        {
            Description = "A migrated database, as the hosts' role, in place of a private PostgreSQL; the role must be allowed to look at statistics.",
            HelpName = "STRING",
        };
        var set = new Option<string[]>("--set") { Description = "A setting of the silo, like Postgres:SessionPoolSize=10; may be repeated.", HelpName = "KEY=VALUE" };
        var statements = new Option<bool>("--statements") { Description = "Also lists the statements that the database got most often." };
        var command = new Command("in-process", "A silo in this process, called as the gateway in it calls it, without HTTP.") { connection, set, statements };
        foreach (var option in plan.All) command.Options.Add(option);
        command.SetAction((arguments, stop) => RunAsync(
            plan.Plan(arguments), plan.Json(arguments), arguments.GetValue(connection), arguments.GetValue(set) ?? [], arguments.GetValue(statements), stop));
        return command;
    }

    private static async Task RunAsync(Plan plan, FileInfo? json, string? connection, string[] settings, bool lists, CancellationToken stop)
    {
        await using var database = connection is null ? await PrivateDatabase.StartAsync(stop) : null;
        var app = connection ?? database!.App;
        await using var gauge = await DatabaseGauge.OpenAsync(
            connection ?? database!.Superuser, new NpgsqlConnectionStringBuilder(app).Database!, stop);
        var processes = database is null ? new Dictionary<string, int>() : new() { ["postgres"] = database.Pid };
        var report = await MeasureAsync(plan, app, new AllGauges(gauge, processes, isServer: true), settings, stop);
        await report.ShowAsync(json, stop);
        if (!lists) return;
        foreach (var (calls, text) in await gauge.ListAsync(stop)) await Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{calls,10:N0} {text}"));
    }

    private static async Task<Report> MeasureAsync(Plan plan, string app, AllGauges gauges, string[] settings, CancellationToken stop)
    {
        await using var log = new HostLog();
        await using var silo = await InProcessSilo.StartAsync(app, settings.Select(Setting), stop);
        await using var turns = new InProcessTurns(silo.Sessions, plan.Sessions);
        return await Measurement.RunAsync("in process", turns, gauges, plan, stop);
    }

    private static KeyValuePair<string, string?> Setting(string text) => text.Split('=', 2) is [var key, var value]
        ? new(key, value)
        : throw new TurnException($"--set {text}: write KEY=VALUE.");
}
