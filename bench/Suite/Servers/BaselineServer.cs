using System.Diagnostics;
using System.Globalization;
using Conversations.Launcher.Ports;
using Conversations.Launcher.Processes;
using Conversations.Load;

namespace Conversations.Suite.Servers;

/// <summary>A baseline's process.</summary>
internal sealed class BaselineServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly ReservedPort _port;

    private BaselineServer(Process process, ReservedPort port) => (_process, _port) = (process, port);

    public Uri Url => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port.Number}"));

    public int Pid => _process.Id;

    /// <param name="name">Its folder.</param>
    /// <param name="arguments">What it is told, but for its port.</param>
    /// <param name="variables">Further environment variables.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="TurnException">It ended before it was ready.</exception>
    public static async Task<BaselineServer> StartAsync(
        string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?> variables, CancellationToken stop)
    {
        var port = ReservedPort.Any();
        var start = new ProcessStartInfo(
            "setpriv",
            [
                "--pdeathsig", "TERM", Path.Combine(Repository.Root, "bench", "Baselines", name, "start"), .. arguments,
                "--port", port.Number.ToString(CultureInfo.InvariantCulture),
            ])
        {
            RedirectStandardOutput = true,
        };
        foreach (var (variable, value) in variables) start.Environment[variable] = value;
        var server = new BaselineServer(await ForkThread.StartAsync(start), port);
        try
        {
            while (await server._process.StandardOutput.ReadLineAsync(stop) is { } line)
            {
                if (line != "ready") continue;
                // What else it may say must not fill the pipe.
                _ = server._process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return server;
            }

            throw new TurnException($"The baseline {name} ended before it was ready; what it said is above.");
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) Signal.Terminate.SendTo(_process.Id);
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
        _port.Dispose();
    }
}
