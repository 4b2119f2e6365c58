using System.Diagnostics;
using System.Text.Json.Nodes;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>A program over stock packages, in a process of its own. It is told the gateway and the key, and prints lines of JSON.</summary>
internal sealed class ClientProcess : IDisposable
{
    private readonly Process _process;

    private ClientProcess(Process process) => _process = process;

    /// <summary>Starts one.</summary>
    public static ClientProcess Start(Uri gateway, ProcessStartInfo start)
    {
        foreach (var prefix in (string[])["", "OPENAI_"])
        {
            start.Environment[$"{prefix}BASE_URL"] = new Uri(gateway, "/v1").ToString();
            start.Environment[$"{prefix}API_KEY"] = Caller.DevelopmentKey;
        }

        start.RedirectStandardOutput = true;
        return new ClientProcess(Process.Start(start)!);
    }

    /// <summary>What one feature of a program among the tests (<c>tests/ChatClient</c>) shows of itself.</summary>
    public static async Task<JsonObject> ShowDotNetAsync(Uri gateway, string project, string feature, JsonObject given)
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(tests.Parent!.Parent!.FullName, project, tests.Name, $"Conversations.{project}.dll");
        using var process = Start(gateway, new ProcessStartInfo("dotnet", [program, feature, given.ToJsonString()]));
        return await process.ShownAsync();
    }

    /// <summary>The next line; null at the end.</summary>
    public async Task<JsonObject?> NextAsync() =>
        await _process.StandardOutput.ReadLineAsync(Deadline.Token) is { } line ? JsonNode.Parse(line)!.AsObject() : null;

    /// <summary>All further lines, up to the end of the process.</summary>
    public async Task<IReadOnlyList<JsonObject>> ToEndAsync()
    {
        var lines = new List<JsonObject>();
        while (await NextAsync() is { } line) lines.Add(line);
        await _process.WaitForExitAsync(Deadline.Token);
        return lines;
    }

    /// <summary>The only line of a process that ends well.</summary>
    public async Task<JsonObject> ShownAsync()
    {
        var lines = await ToEndAsync();
        Assert.Equal(0, _process.ExitCode);
        return Assert.Single(lines);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
