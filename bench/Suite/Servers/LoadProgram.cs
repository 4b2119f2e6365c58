using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Conversations.Launcher.Hosts;
using Conversations.Launcher.Processes;
using Conversations.Load;
using Conversations.Load.Reports;

namespace Conversations.Suite.Servers;

/// <summary>The driver, as a process of its own: one that is cold for every case.</summary>
internal static class LoadProgram
{
    /// <summary>Has turns for one round.</summary>
    public static async Task<Figures> TalkAsync(
        IEnumerable<string> arguments, Settings settings, IReadOnlyDictionary<string, string?> variables, CancellationToken stop)
    {
        string[] plan =
        [
            "--rounds", "1",
            "--seconds", settings.Seconds.ToString(CultureInfo.InvariantCulture),
            "--warmup", settings.Warmup.ToString(CultureInfo.InvariantCulture),
            "--sessions", settings.Sessions.ToString(CultureInfo.InvariantCulture),
        ];
        return (await RunAsync<Report>([.. arguments, .. plan], variables, stop)).Rounds.Single();
    }

    /// <summary>Measures something else, and returns its figures by name.</summary>
    public static Task<Dictionary<string, double>> MeasureAsync(
        IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> variables, CancellationToken stop) =>
        RunAsync<Dictionary<string, double>>(arguments, variables, stop);

    private static async Task<T> RunAsync<T>(IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> variables, CancellationToken stop)
    {
        var file = Path.GetTempFileName();
        try
        {
            await RunAsync([DotnetHost.Path, Repository.Assembly("Load"), .. arguments, "--json", file], variables, stop);
            await using var json = File.OpenRead(file);
            return (await JsonSerializer.DeserializeAsync<T>(json, Report.Json, stop))!;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task RunAsync(string[] command, IReadOnlyDictionary<string, string?> variables, CancellationToken stop)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "TERM", .. command]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in variables) start.Environment[name] = value;
        using var process = await ForkThread.StartAsync(start);
        // It ends what it has started itself, given the time.
        await using var ending = stop.Register(() => Signal.Terminate.SendTo(process.Id));
        var (_, error) = (process.StandardOutput.ReadToEndAsync(CancellationToken.None), process.StandardError.ReadToEndAsync(CancellationToken.None));
        await process.WaitForExitAsync(CancellationToken.None);
        stop.ThrowIfCancellationRequested();
        if (process.ExitCode != 0) throw new TurnException($"bench/load {command[2]} failed: {FirstLine(await error)}");
    }

    private static string FirstLine(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "it said nothing.";
}
