using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>Programs over stock npm packages; most are one call of <c>openai</c>: see <c>Npm/call.mjs</c>.</summary>
internal static class NodeCall
{
    // Half a gigabyte, over whatever line there is.
    private static readonly TimeSpan LongestDownload = TimeSpan.FromMinutes(10);
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    private static string Scripts => Path.Combine(AppContext.BaseDirectory, "Npm");

    private static string Packages => Path.Combine(Scripts, "node_modules");

    // Some packages want a newer one than many systems have: where npm has it for the machine, it comes with them.
    private static string Node
    {
        get
        {
            var architecture = RuntimeInformation.OSArchitecture == Architecture.Arm64 ? "arm64" : "x64";
            var installed = Path.Combine(Packages, $"node-linux-{architecture}", "bin", "node");
            return File.Exists(installed) ? installed : "node";
        }
    }

    /// <summary>The program of the tool server <c>everything</c>, once the packages are there.</summary>
    public static async Task<string> EverythingAsync()
    {
        await Installed.Value;
        return Path.Combine(Packages, "@modelcontextprotocol", "server-everything", "dist", "index.js");
    }

    /// <summary>The Big List of Naughty Strings.</summary>
    public static async Task<IReadOnlyList<string>> NaughtyStringsAsync()
    {
        await Installed.Value;
        var list = await File.ReadAllTextAsync(Path.Combine(Packages, "blns", "resources", "blns.json"));
        return [.. JsonNode.Parse(list)!.AsArray().Select(text => (string)text!)];
    }

    /// <summary>Begins a call.</summary>
    /// <param name="gateway">The gateway's address.</param>
    /// <param name="method">The client's method: <c>responses.create</c>; or <c>responses.ws</c>, its WebSocket: see <c>Npm/socket.mjs</c>.</param>
    /// <param name="arguments">Its arguments, each as JSON.</param>
    public static async Task<ClientProcess> StartAsync(Uri gateway, string method, params JsonNode[] arguments)
    {
        await Installed.Value;
        return Start(gateway, [method == "responses.ws" ? "socket.mjs" : "call.mjs", method, .. arguments.Select(argument => argument.ToJsonString())]);
    }

    /// <summary>The answer to a call that does not stream.</summary>
    public static async Task<JsonObject> AskAsync(Uri gateway, string method, params JsonNode[] arguments)
    {
        using var call = await StartAsync(gateway, method, arguments);
        return Assert.Single(await call.ToEndAsync());
    }

    /// <summary>What one feature of a script (<c>Npm/openai.mjs</c>) shows of itself.</summary>
    public static async Task<JsonObject> ShowAsync(Uri gateway, string script, string feature, JsonObject given)
    {
        await Installed.Value;
        using var call = Start(gateway, [script, feature, given.ToJsonString()]);
        return await call.ShownAsync();
    }

    private static ClientProcess Start(Uri gateway, IEnumerable<string> arguments) =>
        ClientProcess.Start(gateway, new ProcessStartInfo(Node, arguments) { WorkingDirectory = Scripts });

    private static async Task InstallAsync()
    {
        // npm would write it all anew each time.
        var wanted = await File.ReadAllTextAsync(Path.Combine(Scripts, "package-lock.json"));
        var stamp = Path.Combine(Packages, ".installed");
        if (File.Exists(stamp) && await File.ReadAllTextAsync(stamp) == wanted) return;
        var start = new ProcessStartInfo("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"])
        {
            WorkingDirectory = Scripts,
            RedirectStandardOutput = true,
        };
        using var npm = Process.Start(start)!;
        using var patience = new CancellationTokenSource(LongestDownload);
        await using var ends = patience.Token.Register(() => npm.Kill(entireProcessTree: true));
        var output = await npm.StandardOutput.ReadToEndAsync(CancellationToken.None);
        await npm.WaitForExitAsync(CancellationToken.None);
        Assert.True(npm.ExitCode == 0, output);
        await File.WriteAllTextAsync(stamp, wanted);
    }
}
