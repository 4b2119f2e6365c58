using BenchmarkDotNet.Attributes;
using Conversations.Journal.Replay;

namespace Conversations.Micro;

/// <summary>What does it cost to derive a finished turn's stream again? The baseline only cuts the text as it was cut.</summary>
[MemoryDiagnoser]
public class ReplayBenchmarks
{
    /// <summary>Characters of the answer; a delta has four.</summary>
    [Params(200, 4_000)]
    public int Length { get; set; }

    [Benchmark(Baseline = true)]
    public int CutAlone()
    {
        var item = SampleTurn.Answer(Length);
        return item.Emission!.Deltas.Cut(ItemEvents.TextOf(item.Body!)).Count();
    }

    [Benchmark]
    public int Events() => TurnReplay.Events(SampleTurn.Ended, [SampleTurn.Answer(Length)], -1).Count();
}
