using System.Globalization;
using Conversations.Load.Streams;

namespace Conversations.Suite.Servers;

/// <summary>One silo with the gateway mounted, whose agents have a model that speaks at a pace, behind OpenAI's connector.</summary>
internal sealed class StreamingCluster : IAsyncDisposable
{
    private readonly BenchCluster _cluster;

    private StreamingCluster(BenchCluster cluster, PacedModel model) => (_cluster, Model) = (cluster, model);

    public PacedModel Model { get; }

    /// <param name="agents">The model's name for each agent: see <see cref="PacedModel"/>.</param>
    /// <param name="stop">Gives up.</param>
    public static async Task<StreamingCluster> StartAsync(IReadOnlyDictionary<string, string> agents, CancellationToken stop)
    {
        var model = await PacedModel.StartAsync(stop);
        try
        {
            var variables = new Dictionary<string, string?>();
            foreach (var (agent, name) in agents)
            {
                variables[$"Agents__{agent}__Endpoint"] = model.Endpoint.ToString();
                variables[$"Agents__{agent}__Model"] = name;
            }

            return new StreamingCluster(await BenchCluster.StartAsync(new ClusterShape(1, Mounted: true) { SiloVariables = variables }, stop), model);
        }
        catch
        {
            await model.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has one of the driver's commands for streams measure.</summary>
    public Task<Dictionary<string, double>> MeasureAsync(string command, string agent, IEnumerable<string> arguments, CancellationToken stop)
    {
        var gateway = _cluster.Processes.GatewayEndpoints[0].Http;
        return LoadProgram.MeasureAsync(
            [command, "--url", gateway.ToString(), "--key", BenchCluster.Key, "--agent", agent, .. arguments], new Dictionary<string, string?>(), stop);
    }

    /// <summary>The silo's process.</summary>
    public string Silo => _cluster.Processes.Silos[0].Pid!.Value.ToString(CultureInfo.InvariantCulture);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        await Model.DisposeAsync();
    }
}
