using System.Diagnostics;
using System.Globalization;
using Conversations.Load.Streams;

namespace Conversations.Suite.Servers;

/// <summary>A process that streams what a paced model says, through Semantic Kernel's connector: a silo with the gateway mounted, or a plain proxy.</summary>
internal sealed class StreamingServer : IAsyncDisposable
{
    private readonly IAsyncDisposable _server;
    private readonly Uri _url;
    private readonly int _pid;

    private StreamingServer(IAsyncDisposable server, Uri url, int pid, PacedModel model) =>
        (_server, _url, _pid, Model) = (server, url, pid, model);

    public PacedModel Model { get; }

    /// <param name="isProxy">Whether it is the baseline, which keeps nothing.</param>
    /// <param name="paces">The models that there are: see <see cref="PacedModel"/>; the service has an agent of the name of each.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<StreamingServer> StartAsync(bool isProxy, IEnumerable<string> paces, CancellationToken stop)
    {
        var model = await PacedModel.StartAsync(stop);
        try
        {
            if (isProxy)
            {
                var proxy = await BaselineServer.StartAsync(
                    "proxy", ["--model-endpoint", model.Endpoint.ToString()], new Dictionary<string, string?>(), stop);
                return new StreamingServer(proxy, proxy.Url, proxy.Pid, model);
            }

            var variables = new Dictionary<string, string?>();
            foreach (var pace in paces)
            {
                variables[$"Agents__{pace}__Endpoint"] = model.Endpoint.ToString();
                variables[$"Agents__{pace}__Model"] = pace;
            }

            var cluster = await BenchCluster.StartAsync(new ClusterShape(1, Mounted: true) { SiloVariables = variables }, stop);
            return new StreamingServer(cluster, cluster.Processes.GatewayEndpoints[0].Http, cluster.Processes.Silos[0].Pid!.Value, model);
        }
        catch
        {
            await model.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has one of the driver's commands for streams measure.</summary>
    public Task<Dictionary<string, double>> MeasureAsync(string command, string pace, IEnumerable<string> arguments, CancellationToken stop) =>
        LoadProgram.MeasureAsync(
            [command, "--url", _url.ToString(), "--key", BenchCluster.Key, "--agent", pace, .. arguments], new Dictionary<string, string?>(), stop);

    /// <summary>Has the driver stream many answers at once, and look at the process meanwhile.</summary>
    public Task<Dictionary<string, double>> StreamAsync(int streams, string pace, CancellationToken stop) => MeasureAsync(
        "streams",
        pace,
        ["--streams", Number(streams), "--tokens", pace[..pace.IndexOf('x', StringComparison.Ordinal)], "--server", Number(_pid)],
        stop);

    /// <summary>Has it stream, again and again and no more than fifty at a time, until what it runs is compiled: see <see cref="Settings.Warmup"/>.</summary>
    public async Task WarmUpAsync(Settings settings, string pace, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(began).TotalSeconds < settings.Warmup) await StreamAsync(50, pace, stop);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await Model.DisposeAsync();
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
