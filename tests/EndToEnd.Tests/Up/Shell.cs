using System.Diagnostics;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Up;

/// <summary>A person's shell.</summary>
internal static class Shell
{
    /// <summary>Runs a command line as pasted: what it printed.</summary>
    public static async Task<string> RunAsync(string command)
    {
        using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", command]) { RedirectStandardOutput = true })!;
        var output = await bash.StandardOutput.ReadToEndAsync(Deadline.Token);
        await bash.WaitForExitAsync(Deadline.Token);
        Assert.Equal(0, bash.ExitCode);
        return output;
    }

    /// <summary>Runs the invitation, saying something else: what the model answered.</summary>
    public static async Task<string> SayAsync(string invitation, string text)
    {
        var said = JsonNode.Parse(await RunAsync(invitation.Replace("My name is Sam.", text, StringComparison.Ordinal)))!.AsObject();
        return Items.TextOf(said["output"]!.AsArray());
    }
}
