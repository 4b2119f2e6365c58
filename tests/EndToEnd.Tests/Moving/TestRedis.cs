using System.Diagnostics;
using System.Globalization;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Launcher.Ports;
using Conversations.Launcher.Processes;

namespace Conversations.EndToEnd.Tests.Moving;

/// <summary>A real Redis of our own: its own port and directory, and it ends with us.</summary>
internal sealed class TestRedis : IAsyncDisposable
{
    private readonly ReservedPort _port = ReservedPort.Any();
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("conversations-redis-");
    private Process? _process;

    public string Url => $"redis://127.0.0.1:{_port.Number}";

    public static async Task<TestRedis> StartAsync()
    {
        var redis = new TestRedis();
        var start = new ProcessStartInfo("setpriv", ["--pdeathsig", "KILL", redis.Program(), "--port", redis._port.Number.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1"])
        {
            WorkingDirectory = redis._directory.FullName,
            RedirectStandardOutput = true,
        };
        redis._process = await ForkThread.StartAsync(start);
        while (await redis._process.StandardOutput.ReadLineAsync(Deadline.Token) is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal)) return redis;
        }

        throw new InvalidOperationException("Redis ended before it was ready.");
    }

    public async ValueTask DisposeAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync(Deadline.Token);
        _process.Dispose();
        _directory.Delete(recursive: true);
        _port.Dispose();
    }

    // Debian's redis-tools has the server, too, under another name, and starts none by itself: under this name it is one.
    private string Program()
    {
        if (File.Exists("/usr/bin/redis-server")) return "/usr/bin/redis-server";
        return File.CreateSymbolicLink(Path.Combine(_directory.FullName, "redis-server"), "/usr/bin/redis-check-rdb").FullName;
    }
}
