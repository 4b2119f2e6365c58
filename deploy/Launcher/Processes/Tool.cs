using System.ComponentModel;
using System.Diagnostics;

namespace Conversations.Launcher.Processes;

/// <summary>What a short-lived program of the system answered.</summary>
/// <param name="ExitCode">How it ended.</param>
/// <param name="Output">What it wrote to standard output.</param>
/// <param name="Error">What it wrote to standard error.</param>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;
}

/// <summary>Runs short-lived programs of the system to their end.</summary>
internal static class Tool
{
    /// <summary>Runs it as ourselves, or as <paramref name="account"/>.</summary>
    /// <exception cref="LauncherException">There is no such program.</exception>
    public static async Task<ToolResult> RunAsync(
        IReadOnlyList<string> command,
        CancellationToken cancellationToken,
        Account? account = null,
        IReadOnlyDictionary<string, string?>? variables = null)
    {
        IReadOnlyList<string> full = account is null ? command : ["setpriv", .. account.SetprivArguments, .. command];
        var start = new ProcessStartInfo(full[0], full.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            // Ours may be a directory that the account cannot enter.
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in variables ?? new Dictionary<string, string?>())
            start.Environment[name] = value;
        // Its messages are shown and searched: English, whatever the terminal speaks.
        start.Environment["LC_ALL"] = "C";
        try
        {
            using var process = await ForkThread.StartAsync(start);
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            await Task.WhenAll(output, error);
            await process.WaitForExitAsync(cancellationToken);
            return new ToolResult(process.ExitCode, await output, await error);
        }
        catch (Win32Exception fault)
        {
            throw new LauncherException($"The program '{full[0]}' is missing: install it and try again.", fault);
        }
    }
}
