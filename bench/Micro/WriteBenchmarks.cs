using BenchmarkDotNet.Attributes;
using Conversations.Journal.Rows;

namespace Conversations.Micro;

/// <summary>What does it cost to make the bytes of a turn's two writes? The baseline copies the payload and no more.</summary>
[MemoryDiagnoser]
public class WriteBenchmarks
{
    private SessionDelta? _accept;
    private SessionDelta? _end;
    private string _text = "";

    /// <summary>Characters of question and answer.</summary>
    [Params(200, 1_000)]
    public int Length { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _accept = SampleTurn.Accept(Length);
        _end = SampleTurn.End(Length);
        _text = new string('a', Length);
    }

    [Benchmark(Baseline = true)]
    public byte[] PayloadAlone() => System.Text.Encoding.UTF8.GetBytes(_text);

    [Benchmark]
    public byte[] Accept() => JournalJson.Write(_accept!);

    [Benchmark]
    public byte[] End() => JournalJson.Write(_end!);
}
