using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>One call of the stock npm package <c>openai</c>, in a process of its own: see <c>Npm/call.mjs</c>.</summary>
internal sealed class NodeCall : IDisposable
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);
    private readonly Process _process;

    private NodeCall(Process process) => _process = process;

    /// <summary>The program of the tool server <c>everything</c>, once the packages are there.</summary>
    public static async Task<string> EverythingAsync()
    {
        await Installed.Value;
        return Path.Combine(Scripts, "node_modules", "@modelcontextprotocol", "server-everything", "dist", "index.js");
    }

    private static string Scripts => Path.Combine(AppContext.BaseDirectory, "Npm");

    /// <summary>Begins a call.</summary>
    /// <param name="gateway">The gateway's address.</param>
    /// <param name="method">The client's method: <c>responses.create</c>; or <c>responses.ws</c>, its WebSocket: see <c>Npm/socket.mjs</c>.</param>
    /// <param name="arguments">Its arguments, each as JSON.</param>
    public static async Task<NodeCall> StartAsync(Uri gateway, string method, params JsonNode[] arguments)
    {
        await Installed.Value;
        var start = new ProcessStartInfo("node", [method == "responses.ws" ? "socket.mjs" : "call.mjs", method, .. arguments.Select(argument => argument.ToJsonString())]);
        start.Environment["BASE_URL"] = new Uri(gateway, "/v1").ToString();
        start.Environment["API_KEY"] = Caller.DevelopmentKey;
        return new NodeCall(Run(start));
    }

    /// <summary>The answer to a call that does not stream.</summary>
    public static async Task<JsonObject> AskAsync(Uri gateway, string method, params JsonNode[] arguments)
    {
        using var call = await StartAsync(gateway, method, arguments);
        return Assert.Single(await call.ToEndAsync());
    }

    /// <summary>The next element; null at the end.</summary>
    public async Task<JsonObject?> NextAsync() =>
        await _process.StandardOutput.ReadLineAsync(Deadline.Token) is { } line ? JsonNode.Parse(line)!.AsObject() : null;

    /// <summary>All further elements, up to the end of the process.</summary>
    public async Task<IReadOnlyList<JsonObject>> ToEndAsync()
    {
        var elements = new List<JsonObject>();
        while (await NextAsync() is { } element) elements.Add(element);
        await _process.WaitForExitAsync(Deadline.Token);
        return elements;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private static async Task InstallAsync()
    {
        using var npm = Run(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"]));
        var output = await npm.StandardOutput.ReadToEndAsync(Deadline.Token);
        await npm.WaitForExitAsync(Deadline.Token);
        Assert.True(npm.ExitCode == 0, output);
    }

    private static Process Run(ProcessStartInfo start)
    {
        start.WorkingDirectory = Scripts;
        start.RedirectStandardOutput = true;
        return Process.Start(start)!;
    }
}
