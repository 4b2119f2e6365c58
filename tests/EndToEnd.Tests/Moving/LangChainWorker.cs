using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Launcher.Ports;

namespace Conversations.EndToEnd.Tests.Moving;

/// <summary>One worker of a chat service, a process.</summary>
internal sealed class LangChainWorker : IDisposable
{
    private static readonly HttpClient Http = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = Deadline.Length };

    private readonly ReservedPort _port = ReservedPort.Any();
    private Process? _process;

    /// <summary>Starts it, and returns when it listens.</summary>
    public static async Task<LangChainWorker> StartAsync(ProcessStartInfo start)
    {
        var worker = new LangChainWorker();
        start.Environment["PORT"] = worker._port.Number.ToString(CultureInfo.InvariantCulture);
        worker._process = Process.Start(start)!;
        Assert.Equal("ready", await worker._process.StandardOutput.ReadLineAsync(Deadline.Token));
        return worker;
    }

    /// <summary>Says something in a session: the answer.</summary>
    public async Task<string> SayAsync(string session, string input)
    {
        var body = new JsonObject { ["session"] = session, ["input"] = input, ["key"] = $"{session} {input}" };
        using var answer = await Http.PostAsJsonAsync(new Uri($"http://127.0.0.1:{_port.Number}"), body);
        return await answer.EnsureSuccessStatusCode().Content.ReadAsStringAsync();
    }

    public void Dispose()
    {
        if (_process is { HasExited: false }) _process.Kill();
        _process?.Dispose();
        _port.Dispose();
    }
}
