namespace Conversations.Launcher.Hosts;

/// <summary>Exit codes in words.</summary>
internal static class ExitCodes
{
    // The convention of shells, which .NET follows.
    private const int SignalBase = 128;

    public static string Explain(int exitCode) => exitCode > SignalBase ? $"killed by signal {exitCode - SignalBase}" : $"exit code {exitCode}";
}
