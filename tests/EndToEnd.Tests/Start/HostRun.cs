using System.Diagnostics;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Launcher.Hosts;
using Conversations.Launcher.Processes;

namespace Conversations.EndToEnd.Tests.Start;

/// <summary>A host that is run with settings of a test until it ends by itself.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">Its log.</param>
/// <param name="Error">What it said to whoever started it.</param>
internal sealed record HostRun(int ExitCode, string Output, string Error)
{
    /// <summary>Runs the silo.</summary>
    public static Task<HostRun> SiloAsync(string connectionString, params (string Name, string Value)[] settings) =>
        RunAsync(HostBinaries.OfThisBuild().Silo, connectionString, settings);

    /// <summary>Runs the gateway.</summary>
    public static Task<HostRun> GatewayAsync(string connectionString, params (string Name, string Value)[] settings) =>
        RunAsync(HostBinaries.OfThisBuild().Gateway, connectionString, settings);

    /// <summary>It refused to start, with one sentence to whoever started it, and no stack trace anywhere.</summary>
    public void AssertRefused(string part)
    {
        Assert.Equal(1, ExitCode);
        Assert.Contains(part, Assert.Single(Error.TrimEnd().Split('\n')), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", Output + Error, StringComparison.Ordinal);
    }

    private static async Task<HostRun> RunAsync(string assembly, string connectionString, (string Name, string Value)[] settings)
    {
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", DotnetHost.Path, assembly])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ConnectionStrings__Conversations"] = connectionString;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        foreach (var (name, value) in settings) start.Environment[name] = value;
        using var process = await ForkThread.StartAsync(start);
        try
        {
            var token = Deadline.Token;
            var output = process.StandardOutput.ReadToEndAsync(token);
            var error = process.StandardError.ReadToEndAsync(token);
            await process.WaitForExitAsync(token);
            return new HostRun(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }
}
