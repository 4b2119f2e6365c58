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

    /// <summary>Why nothing can be led elsewhere here; null if it can.</summary>
    public static string? DetourForbidden { get; } = Forbidden ?? Try("there is no address translation", "-t", "nat", "OUTPUT", [.. Of(0, 1), "-j", "REDIRECT", "--to-ports", "2"]);

    /// <summary>Why answers cannot be told from requests here; null if they can.</summary>
    public static string? AnswersForbidden { get; } = Forbidden
        ?? Try("connections cannot be marked", "-t", "mangle", "OUTPUT", [.. Of(0, 1), "-j", "CONNMARK", "--set-mark", "1"])
        ?? Try("the ways of a connection cannot be told apart", "-t", "filter", "OUTPUT", Answers(0));

    /// <summary>What goes before a host's command line so that its packets are known.</summary>
    public static IReadOnlyList<string> Prefix(int host) => Forbidden is null
        // A change of group takes back what the launcher said of the parent's death.
        ? ["setpriv", "--regid", Group(host), "--keep-groups", "--pdeathsig", "KILL"]
        : [];

    /// <summary>Drops what this host sends to a port.</summary>
    public static Task DropToAsync(int host, int port) => RequireAsync(["-A", "OUTPUT", .. Of(host, port), "-j", "DROP"]);

    /// <summary>Drops what this host answers from a port of its own.</summary>
    public static Task DropFromAsync(int host, int port) =>
        RequireAsync(["-A", "OUTPUT", "-p", "tcp", "-m", "owner", "--gid-owner", Group(host), "--sport", Text(port), "-j", "DROP"]);

    /// <summary>Drops what this host is answered from a port.</summary>
    public static async Task DropAnswersAsync(int host, int port)
    {
        await RequireAsync(["-t", "mangle", "-A", "OUTPUT", .. Of(host, port), "-j", "CONNMARK", "--set-mark", Group(host)]);
        await RequireAsync(["-A", "OUTPUT", .. Answers(host)]);
    }

    /// <summary>Leads what this host sends to a port to another one. What it has open breaks, and is made anew on the new way.</summary>
    public static async Task LeadAsync(int host, int port, int to)
    {
        await RequireAsync(["-t", "nat", "-A", "OUTPUT", .. Of(host, port), "-j", "REDIRECT", "--to-ports", Text(to)]);
        await RequireAsync(["-A", "OUTPUT", .. Of(host, port), "-j", "REJECT", "--reject-with", "tcp-reset"]);
    }

    /// <summary>Lets everything pass again.</summary>
    public static async Task ClearAsync()
    {
        if (Forbidden is null) await RequireAsync(["-F", "OUTPUT"]);
        if (DetourForbidden is null) await RequireAsync(["-t", "nat", "-F", "OUTPUT"]);
        if (AnswersForbidden is null) await RequireAsync(["-t", "mangle", "-F", "OUTPUT"]);
    }

    private static string[] Of(int host, int port) => ["-p", "tcp", "-m", "owner", "--gid-owner", Group(host), "--dport", Text(port)];

    private static string[] Answers(int host) => ["-p", "tcp", "-m", "connmark", "--mark", Group(host), "-m", "conntrack", "--ctdir", "REPLY", "-j", "DROP"];

    private static string Group(int host) => Text(FirstGroup + host);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string? Look()
    {
        if (Environment.GetEnvironmentVariable(Variable) != "own") return "there is no network of our own to cut in";
        try
        {
            return Run(["-S", "OUTPUT"]) ? null : "iptables is not permitted";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return "iptables is not installed";
        }
    }

    private static string? Try(string why, string option, string table, string chain, string[] rule)
    {
        if (!Run([option, table, "-A", chain, .. rule])) return why;
        Run([option, table, "-D", chain, .. rule]);
        return null;
    }

    private static bool Run(string[] arguments)
    {
        using var iptables = Process.Start(new ProcessStartInfo("iptables", ["-w", .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        iptables.StandardOutput.ReadToEnd();
        iptables.WaitForExit();
        return iptables.ExitCode == 0;
    }

    private static async Task RequireAsync(string[] arguments)
    {
        using var iptables = Process.Start("iptables", ["-w", .. arguments]);
        await iptables.WaitForExitAsync();
        if (iptables.ExitCode != 0) throw new InvalidOperationException($"iptables {string.Join(' ', arguments)} failed.");
    }
}
