using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>Many streams at once, at the pace at which people read.</summary>
internal sealed class ManyStreams(bool isProxy) : ICase
{
    private const string Pace = "100x100";

    public string Name => StreamedCase.Name("streams", isProxy);

    public string What => $"2,000 streams at once at 10 tokens/s each, {StreamedCase.Server(isProxy)}, beside driver and model";

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop)
    {
        await using var server = await StreamingServer.StartAsync(isProxy, [Pace, StreamedCase.Short], stop);
        await server.WarmUpAsync(settings, StreamedCase.Short, stop);
        return await server.StreamAsync(settings.Quick ? 200 : 2_000, Pace, stop);
    }
}
