using System.Diagnostics;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Moving;

/// <summary>The programs of <c>docs/samples/from-langchain</c>, and LangChain's own packages from npm.</summary>
internal static class LangChainPrograms
{
    private static readonly Lazy<Task> Installed = new(InstallAsync);

    /// <summary>Where the programs are.</summary>
    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "LangChain");

    /// <summary>Runs a program to its end: the lines that it printed.</summary>
    public static async Task<IReadOnlyList<JsonObject>> RunAsync(string program, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        await Installed.Value;
        using var process = Process.Start(Node(program, environment, arguments))!;
        var output = await process.StandardOutput.ReadToEndAsync(Deadline.Token);
        await process.WaitForExitAsync(Deadline.Token);
        Assert.Equal(0, process.ExitCode);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!.AsObject())];
    }

    /// <summary>Starts a worker of a chat service, and returns when it listens.</summary>
    public static async Task<LangChainWorker> StartAsync(string program, IReadOnlyDictionary<string, string> environment)
    {
        await Installed.Value;
        return await LangChainWorker.StartAsync(Node(program, environment, []));
    }

    private static ProcessStartInfo Node(string program, IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        var start = new ProcessStartInfo("node", [program, .. arguments]) { WorkingDirectory = Directory, RedirectStandardOutput = true };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return start;
    }

    private static async Task InstallAsync()
    {
        using var npm = Process.Start(new ProcessStartInfo("npm", ["ci", "--no-audit", "--no-fund", "--prefer-offline", "--loglevel=error"])
        {
            WorkingDirectory = Directory,
            RedirectStandardOutput = true,
        })!;
        var output = await npm.StandardOutput.ReadToEndAsync(Deadline.Token);
        await npm.WaitForExitAsync(Deadline.Token);
        Assert.True(npm.ExitCode == 0, output);
    }
}
