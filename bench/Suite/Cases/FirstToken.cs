using System.Globalization;
using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>How much longer the first word takes through the service than from the model.</summary>
internal sealed class FirstToken : ICase
{
    private const string Pace = "5x0";

    public string Name => "first-token";

    public string What => "time to the first token, one caller, mounted gateway, against calling the model directly";

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop)
    {
        await using var cluster = await StreamingCluster.StartAsync(new Dictionary<string, string> { ["paced"] = Pace }, stop);
        var turns = (settings.Quick ? 50 : 500).ToString(CultureInfo.InvariantCulture);
        return await cluster.MeasureAsync("first-token", "paced", ["--model", cluster.Model.Endpoint.ToString(), "--name", Pace, "--turns", turns], stop);
    }
}
