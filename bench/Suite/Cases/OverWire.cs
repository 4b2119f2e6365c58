using System.Globalization;
using Conversations.Load.Commands;
using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>A cluster of processes, called over a wire.</summary>
/// <param name="name">Its name.</param>
/// <param name="what">What it is.</param>
/// <param name="shape">Which processes there are.</param>
/// <param name="wire">How they are called: <c>http</c> or <c>grpc</c>.</param>
internal sealed class OverWire(string name, string what, ClusterShape shape, string wire) : ICase
{
    public string Name => name;

    public string What => what;

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop)
    {
        await using var cluster = await BenchCluster.StartAsync(shape, stop);
        var endpoint = cluster.Processes.GatewayEndpoints[0];
        string[] arguments =
        [
            wire, "--url", (wire == "grpc" ? endpoint.Grpc : endpoint.Http).ToString(), "--key", BenchCluster.Key, "--database", "conversations",
            .. cluster.Pids.SelectMany(process => new[] { "--watch", string.Create(CultureInfo.InvariantCulture, $"{process.Key}={process.Value}") }),
        ];
        var statistics = new Dictionary<string, string?> { [ServerOptions.StatisticsVariable] = cluster.Processes.Postgres!.SuperuserConnectionString };
        // Each process has its own code to compile, and all of them share the processors.
        var warm = settings with { Warmup = settings.Warmup * (shape.Silos + (shape.Mounted ? 0 : 1)) };
        return Figure.Of(await LoadProgram.TalkAsync(arguments, warm, statistics, stop));
    }
}
