using System.Globalization;
using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>Many streams at once, at the pace at which people read.</summary>
internal sealed class ManyStreams : ICase
{
    private const int Tokens = 100;

    public string Name => "streams";

    public string What => "2,000 streams at once at 10 tokens/s each, mounted gateway, beside driver and model";

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop)
    {
        var tokens = Tokens.ToString(CultureInfo.InvariantCulture);
        var streams = (settings.Quick ? 200 : 2_000).ToString(CultureInfo.InvariantCulture);
        await using var cluster = await StreamingCluster.StartAsync(new Dictionary<string, string> { ["paced"] = $"{tokens}x100" }, stop);
        return await cluster.MeasureAsync("streams", "paced", ["--streams", streams, "--tokens", tokens, "--server", cluster.Silo], stop);
    }
}
