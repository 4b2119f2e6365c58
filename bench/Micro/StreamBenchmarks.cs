using BenchmarkDotNet.Attributes;
using Conversations.Client;
using Conversations.Client.OpenAI;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Conversations.Micro;

/// <summary>
/// What does a gateway do for one delta of a stream, from the event to the flushed bytes? The baseline awaits the events and writes nothing.
/// </summary>
[MemoryDiagnoser]
public class StreamBenchmarks
{
    private const int Deltas = 1_000;
    private static readonly SessionKey Key = SessionKey.Parse("acme/42");

    private readonly Delta _delta = new(0, 0, SampleTurn.Answer(200).Id, DeltaKind.Text, "four");
    private readonly EventStream _stream = new(
        Options.Create(new GatewayOptions()), new ApplicationLifetime(NullLogger<ApplicationLifetime>.Instance), TimeProvider.System, NullLogger<EventStream>.Instance);

    [Benchmark(Baseline = true, OperationsPerInvoke = Deltas)]
    public async Task<int> EventsAlone()
    {
        var count = 0;
        await foreach (var shown in EventsAsync()) count += shown.Number;
        return count;
    }

    [Benchmark(OperationsPerInvoke = Deltas)]
    public Task Streamed() => _stream.WriteAsync(new DefaultHttpContext(), Key, -1, _ => EventsAsync());

    // Each comes after a wait, as a model's do.
    private async IAsyncEnumerable<TurnEvent> EventsAsync()
    {
        for (var number = 0; number < Deltas; number++)
        {
            await Task.Yield();
            yield return _delta with { Number = number };
        }
    }
}
