using System.Buffers;
using System.IO.Pipelines;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Conversations.Client.OpenAI.Parsing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Conversations.Micro;

/// <summary>What does it cost to read a request for a response and to refuse what cannot be stored? The baseline parses JSON and no more.</summary>
[MemoryDiagnoser]
public class ParseBenchmarks
{
    private byte[] _body = [];

    /// <summary>Bytes of the request, about; a message has a thousand.</summary>
    [Params(1_000, 100_000)]
    public int Bytes { get; set; }

    [GlobalSetup]
    public void Setup() => _body = SampleRequest.Of(Bytes);

    [Benchmark(Baseline = true)]
    public int JsonAlone()
    {
        using var document = JsonDocument.Parse(_body);
        return document.RootElement.GetPropertyCount();
    }

    [Benchmark]
    public string Body() => RequestBody.Parse(_body).Path;

    [Benchmark]
    public async Task<int> Request()
    {
        var http = new DefaultHttpContext();
        http.Features.Set<IRequestBodyPipeFeature>(new ReceivedBody(_body));
        return (await RequestBody.ReadAsync(http.Request, int.MaxValue, body => CreateResponse.Read(body), CancellationToken.None)).Input.Length;
    }

    /// <summary>A body as a server has it.</summary>
    private sealed class ReceivedBody(byte[] body) : IRequestBodyPipeFeature
    {
        public PipeReader Reader { get; } = PipeReader.Create(new ReadOnlySequence<byte>(body));
    }
}
