using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.Requests;
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
        var wish = CreateResponse.Read(RequestBody.Parse(_body)).WishOf("acme");
        return wish.At(TurnAddress.Of(wish, TimeProvider.System), "req_1");
    }
}
