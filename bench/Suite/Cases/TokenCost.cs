using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>
/// What a token more costs the process that streams it: streams of many tokens less as many streams of few, so that what every turn costs is
/// left out. The tokens come one by one, a hundred a second in each stream.
/// </summary>
internal sealed class TokenCost(bool isProxy) : ICase
{
    private const int Streams = 50;

    public string Name => StreamedCase.Name("token-cost", isProxy);

    public string What => $"processor time of a server for each streamed token, {StreamedCase.Server(isProxy)}, 50 streams at 100 tokens/s";

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop)
    {
        var @long = settings.Quick ? "220x10" : "1020x10";
        await using var server = await StreamingServer.StartAsync(isProxy, [StreamedCase.Short, @long], stop);
        await server.WarmUpAsync(settings, @long, stop);
        var shorter = await server.StreamAsync(Streams, StreamedCase.Short, stop);
        var longer = await server.StreamAsync(Streams, @long, stop);
        var tokens = longer["tokens"] - shorter["tokens"];
        return new Dictionary<string, double>
        {
            ["CPU µs/token"] = 1_000 * (longer["server CPU ms"] - shorter["server CPU ms"]) / tokens,
            ["lost events"] = longer["lost events"] + shorter["lost events"],
        };
    }
}
