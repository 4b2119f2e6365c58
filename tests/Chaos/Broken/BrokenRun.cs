using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using Conversations.Chaos.Reports;

namespace Conversations.Chaos.Broken;

/// <summary>Builds a broken service from a copy of the repository, and runs what breaks it until the judge has caught it, or the time is over.</summary>
internal static class BrokenRun
{
    /// <summary>What caught it: the names of the rules; none if nothing did.</summary>
    public static async Task<IReadOnlyList<string>> CatchAsync(BrokenBuild broken, string root, int seed, double minutes, CancellationToken stop)
    {
        var copy = Path.Combine(root, "artifacts", "broken", broken.Name);
        if (Directory.Exists(copy)) Directory.Delete(copy, recursive: true);
        Directory.CreateDirectory(copy);
        Progress.Say($"{broken.Name}: copying");
        await RequireAsync(root, "sh", ["-c", "git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t \"$0\"", copy], stop);
        foreach (var edit in broken.Edits) edit.Apply(copy);
        Progress.Say($"{broken.Name}: building");
        // There may be no network here; what is restored was looked at when the repository itself was built.
        await RequireAsync(copy, "dotnet", ["build", "tests/Chaos/Chaos.csproj", "--configuration", "Release", "-p:NuGetAudit=false", "--nologo", "-v", "quiet"], stop);
        var reports = Path.Combine(copy, "artifacts", "report");
        Progress.Say($"{broken.Name}: breaking it");
        await RunAsync(
            copy,
            "dotnet",
            [
                Path.Combine(copy, "artifacts/bin/Chaos/release/Conversations.Chaos.dll"), "--minutes", minutes.ToString(CultureInfo.InvariantCulture), "--seed",
                seed.ToString(CultureInfo.InvariantCulture), "--faults", broken.Faults, "--keep", Path.Combine(copy, "artifacts", "chaos"), "--report", reports, "--commit",
                broken.Name, "--until-violation",
            ],
            stop);
        var report = Directory.EnumerateFiles(reports, "*.json").Single();
        var violations = JsonNode.Parse(await File.ReadAllTextAsync(report, stop))!["rounds"]!.AsArray().SelectMany(round => round!["Violations"]!.AsArray());
        return [.. violations.Select(violation => $"{violation!["Invariant"]} {violation["Rule"]}").Distinct().Order(StringComparer.Ordinal)];
    }

    private static async Task RequireAsync(string directory, string program, string[] arguments, CancellationToken stop)
    {
        if (await RunAsync(directory, program, arguments, stop) is > 0 and var status) throw new InvalidOperationException($"{program} {arguments[0]} ended with {status}.");
    }

    private static async Task<int> RunAsync(string directory, string program, string[] arguments, CancellationToken stop)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true })!;
        // What it prints comes to nothing here; its report says it.
        await process.StandardOutput.ReadToEndAsync(stop);
        await process.WaitForExitAsync(stop);
        return process.ExitCode;
    }
}
