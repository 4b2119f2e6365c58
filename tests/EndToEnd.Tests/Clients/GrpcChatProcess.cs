using System.Diagnostics;
using System.Text;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Launcher.Processes;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The sample client, a process.</summary>
internal sealed class GrpcChatProcess : IDisposable
{
    private readonly StringBuilder _shown = new();
    private readonly Process _process;

    private GrpcChatProcess(Process process) => _process = process;

    public int Pid => _process.Id;

    /// <summary>All that it showed so far.</summary>
    public string Shown => _shown.ToString();

    public static async Task<GrpcChatProcess> StartAsync(Uri server, string session, params string[] more)
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        var program = Path.Combine(tests.Parent!.Parent!.FullName, "GrpcChat", tests.Name, "Conversations.GrpcChat.dll");
        // Who runs the tests in the background ignores Ctrl+C, and so would it.
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", "env", "--default-signal=INT", "dotnet", program, server.ToString(), session, .. more])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        return new GrpcChatProcess(await ForkThread.StartAsync(start));
    }

    public async Task SayAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Waits until what it showed ends so.</summary>
    public async Task ShowsAsync(string end)
    {
        var next = new char[1];
        while (!Shown.EndsWith(end, StringComparison.Ordinal))
        {
            if (await _process.StandardOutput.ReadAsync(next, Deadline.Token) == 0) Assert.Fail($"It ended, and had shown: {Shown}");
            _shown.Append(next);
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }
}
