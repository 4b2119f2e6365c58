using System.Diagnostics;
using System.Globalization;

namespace Conversations.Chaos.World;

/// <summary>
/// The kernel's own packet filter, told what one host may send: each host runs under a group of its own, by which its packets are
/// known. Used in a network of our own alone (<c>deploy/chaos</c> makes one), so that nothing of it is ever left behind.
/// </summary>
internal static class Firewall
{
    /// <summary>Set by whoever has given us a network of our own.</summary>
    public const string Variable = "CONVERSATIONS_CHAOS_NETWORK";

    private const int FirstGroup = 61_000;

    /// <summary>Why it cannot be used here; null if it can.</summary>
    public static string? Forbidden { get; } = Look();

    /// <summary>What goes before a host's command line so that its packets are known.</summary>
    public static IReadOnlyList<string> Prefix(int host) => Forbidden is null
        // A change of group takes back what the launcher said of the parent's death.
        ? ["setpriv", "--regid", Group(host), "--keep-groups", "--pdeathsig", "KILL"]
        : [];

    /// <summary>Drops what this host sends to a port.</summary>
    public static Task DropToAsync(int host, int port) => RunAsync("-A", "OUTPUT", "-p", "tcp", "-m", "owner", "--gid-owner", Group(host), "--dport", Text(port), "-j", "DROP");

    /// <summary>Drops what this host answers from a port of its own.</summary>
    public static Task DropFromAsync(int host, int port) => RunAsync("-A", "OUTPUT", "-p", "tcp", "-m", "owner", "--gid-owner", Group(host), "--sport", Text(port), "-j", "DROP");

    /// <summary>Lets everything pass again.</summary>
    public static Task ClearAsync() => Forbidden is null ? RunAsync("-F", "OUTPUT") : Task.CompletedTask;

    private static string Group(int host) => Text(FirstGroup + host);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Look()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "own") return "there is no network of our own to cut in";
        try
        {
            using var list = Process.Start(new ProcessStartInfo("iptables", ["-S", "OUTPUT"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
            list.WaitForExit();
            return list.ExitCode == 0 ? null : "iptables is not permitted";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "iptables is not installed";
        }
    }

    private static async Task RunAsync(params string[] arguments)
    {
        using var iptables = Process.Start("iptables", ["-w", .. arguments]);
        await iptables.WaitForExitAsync();
        if (iptables.ExitCode != 0) throw new InvalidOperationException($"iptables {string.Join(' ', arguments)} failed.");
    }
}
