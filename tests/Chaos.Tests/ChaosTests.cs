using System.Diagnostics;
using Xunit.Abstractions;

namespace Conversations.Chaos.Tests;

/// <summary>The short run: <c>deploy/chaos</c> does the same for hours.</summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Service_UnderEachFaultOnce_LosesDoublesAndReordersNothing()
    {
        // Beside the builds: what is temporary goes with the run of the tests.
        var keep = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "chaos", Guid.NewGuid().ToString("N")));
        string[] run = ["dotnet", Path.Combine(AppContext.BaseDirectory, "Conversations.Chaos.dll"), "--once", "--seed", "1", "--faults-per-round", "13", "--keep", keep];
        using var chaos = Process.Start(await HasOwnNetworkAsync() ? InItsOwnNetwork(run) : Plain(run))!;
        var errors = chaos.StandardError.ReadToEndAsync();
        var report = await chaos.StandardOutput.ReadToEndAsync();
        await chaos.WaitForExitAsync();
        output.WriteLine(report);
        Assert.True(chaos.ExitCode == 0, $"{report}\n{await errors}\nWhat is needed to look into it is in {keep}.");
        Assert.Contains("| **violations** | **0** |", report, StringComparison.Ordinal);
    }

    private static async Task<bool> HasOwnNetworkAsync()
    {
        if (!Environment.IsPrivilegedProcess) return false;
        using var unshare = Process.Start(Plain(["unshare", "--net", "--mount", "true"]))!;
        await unshare.WaitForExitAsync();
        return unshare.ExitCode == 0;
    }

    private static ProcessStartInfo InItsOwnNetwork(string[] run)
    {
        var start = Plain(["unshare", "--net", "--mount", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh", .. run]);
        start.Environment["CONVERSATIONS_CHAOS_NETWORK"] = "own";
        return start;
    }

    private static ProcessStartInfo Plain(string[] command) => new(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true };
}
