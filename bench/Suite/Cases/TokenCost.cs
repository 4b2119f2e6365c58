using System.Globalization;
using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>
/// What a token more costs the silo: streams of many tokens less as many streams of few, so that what every turn costs is left out. The tokens
/// come one by one, a hundred a second in each stream.
/// </summary>
internal sealed class TokenCost : ICase
{
    private const int Streams = 50;
    private const int Few = 20;

    public string Name => "token-cost";

    public string What => "processor time of a silo for each streamed token, mounted gateway, 50 streams at 100 tokens/s";

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop)
    {
        var many = settings.Quick ? 220 : 1_020;
        await using var cluster = await StreamingCluster.StartAsync(
            new Dictionary<string, string> { ["short"] = $"{Number(Few)}x10", ["long"] = $"{Number(many)}x10" }, stop);
        var shorter = await MeasureAsync(cluster, "short", Few, stop);
        var longer = await MeasureAsync(cluster, "long", many, stop);
        var tokens = longer["tokens"] - shorter["tokens"];
        return new Dictionary<string, double>
        {
            ["CPU µs/token"] = 1_000 * (longer["server CPU ms"] - shorter["server CPU ms"]) / tokens,
            ["lost events"] = longer["lost events"] + shorter["lost events"],
        };
    }

    private static Task<Dictionary<string, double>> MeasureAsync(StreamingCluster cluster, string agent, int tokens, CancellationToken stop) =>
        cluster.MeasureAsync("streams", agent, ["--streams", Number(Streams), "--tokens", Number(tokens), "--server", cluster.Silo], stop);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
