using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Conversations.Client.OpenAI;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.Sessions;
using Conversations.Turns;

namespace Conversations.Micro;

/// <summary>What does it cost to make of a request's bytes what the session is asked? The baseline parses JSON and no more.</summary>
[MemoryDiagnoser]
public class AcceptBenchmarks
{
    private byte[] _body = [];

    /// <summary>Characters of the message.</summary>
    [Params(200, 1_000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup() => _body = SampleRequest.Saying(Length);

    [Benchmark(Baseline = true)]
    public int JsonAlone()
    {
        using var document = JsonDocument.Parse(_body);
        return document.RootElement.GetPropertyCount();
    }

    [Benchmark]
    public TurnRequest Accept()
    {
        var request = CreateResponse.Read(RequestBody.Parse(_body));
        var address = TurnAddress.Of(request, "acme", null, TimeProvider.System);
        return new TurnRequest
        {
            Id = address.Turn,
            IsFirstTry = address.IsFresh,
            Fingerprint = Fingerprint.Of(request.Input, request.Options),
            Input = request.Input,
            Options = request.Options with { RequestId = "req_1" },
            CreatesSession = address.MakesSession,
            Lifetime = address.Lifetime,
        };
    }
}
