using System.Globalization;
using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>How much longer the first word takes through the service, or a plain proxy, than from the model.</summary>
internal sealed class FirstToken(bool isProxy) : ICase
{
    private const string Pace = "5x0";

    public string Name => StreamedCase.Name("first-token", isProxy);

    public string What => $"time to the first token, one caller, {StreamedCase.Server(isProxy)}, against calling the model directly";

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop)
    {
        await using var server = await StreamingServer.StartAsync(isProxy, [Pace], stop);
        var turns = (settings.Quick ? 50 : 5_000).ToString(CultureInfo.InvariantCulture);
        return await server.MeasureAsync("first-token", Pace, ["--model", server.Model.Endpoint.ToString(), "--name", Pace, "--turns", turns], stop);
    }
}
