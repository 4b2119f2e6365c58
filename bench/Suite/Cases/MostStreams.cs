using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>How many streams at 10 tokens/s one silo holds: a thousand more each time, until an event is lost or a reader has to wait.</summary>
internal sealed class MostStreams : ICase
{
    private const string Pace = "50x100";
    private const double Wait = 1_000;

    public string Name => "most-streams";

    public string What => "the most streams at 10 tokens/s that lose no event and never pause for a second, mounted gateway, beside driver and model";

    public async Task<IReadOnlyDictionary<string, double>> RunAsync(Settings settings, CancellationToken stop)
    {
        var step = settings.Quick ? 100 : 1_000;
        var held = 0;
        await using var server = await StreamingServer.StartAsync(isProxy: false, [Pace, StreamedCase.Short], stop);
        await server.WarmUpAsync(settings, StreamedCase.Short, stop);
        for (var streams = step; streams <= 8 * step; streams += step)
        {
            var figures = await server.StreamAsync(streams, Pace, stop);
            if (figures["lost events"] > 0 || figures["longest pause ms"] > Wait) break;
            held = streams;
        }

        return new Dictionary<string, double> { ["streams held"] = held };
    }
}
