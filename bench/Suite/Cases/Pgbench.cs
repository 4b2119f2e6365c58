using System.Globalization;
using System.Text.RegularExpressions;
using Conversations.Launcher.Processes;
using Conversations.Load;
using Conversations.Load.Gauges;
using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>A turn's rows alone, written by PostgreSQL's own benchmark.</summary>
/// <param name="script">Its file in <c>bench/Baselines/pgbench</c>, without the ending.</param>
internal sealed partial class Pgbench(string script) : ICase
{
    public string Name => $"pgbench-{script}";

    public string What => $"pgbench, {script.Replace('-', ' ')}";

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop)
    {
        await using var database = await BenchDatabase.StartAsync(stop);
        var folder = Path.Combine(Repository.Root, "bench", "Baselines", "pgbench");
        await RunAsync([Path.Combine(folder, "setup"), .. database.Arguments], database, stop);
        // As the others, it is measured when it is warm.
        await RunAsync(Command(Math.Max(1, settings.Warmup)), database, stop);
        var processor = ProcessorTime.Of(database.Pid);
        var said = await RunAsync(Command(settings.Seconds), database, stop);
        var spent = ProcessorTime.Of(database.Pid) - processor;
        return new Dictionary<string, double>
        {
            [Figure.Rate] = Number(Rate().Match(said)),
            [Figure.P50] = Number(Latency().Match(said)),
            ["postgres CPU ms/turn"] = spent.TotalMilliseconds / Number(Count().Match(said)),
        };

        string[] Command(double seconds) =>
        [
            "pgbench", "--no-vacuum", "--protocol", "prepared", "--jobs", "2",
            "--client", settings.Sessions.ToString(CultureInfo.InvariantCulture),
            "--time", Math.Ceiling(seconds).ToString(CultureInfo.InvariantCulture),
            "--host", "127.0.0.1", "--port", database.Port.ToString(CultureInfo.InvariantCulture), "--username", BenchDatabase.User,
            "--file", Path.Combine(folder, $"{script}.sql"), BenchDatabase.Name,
        ];
    }

    private static async Task<string> RunAsync(string[] command, BenchDatabase database, CancellationToken stop)
    {
        var result = await Tool.RunAsync(["setpriv", "--pdeathsig", "KILL", .. command], stop, variables: database.Variables);
        return result.Succeeded ? result.Output : throw new TurnException($"{command[0]} failed: {result.Error}");
    }

    private static double Number(Match match) => match.Success
        ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        : throw new TurnException("pgbench said nothing that can be read.");

    [GeneratedRegex(@"^tps = ([\d.]+)", RegexOptions.Multiline)]
    private static partial Regex Rate();

    [GeneratedRegex(@"^number of transactions actually processed: (\d+)", RegexOptions.Multiline)]
    private static partial Regex Count();

    // Its mean: with a closed loop and no pauses that is near the median.
    [GeneratedRegex(@"^latency average = ([\d.]+) ms", RegexOptions.Multiline)]
    private static partial Regex Latency();
}
