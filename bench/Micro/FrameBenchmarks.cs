using System.Text;
using BenchmarkDotNet.Attributes;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Micro;

/// <summary>What does it cost to make the bytes of an event that a caller is shown? The baseline copies the text of a delta and no more.</summary>
[MemoryDiagnoser]
public class FrameBenchmarks : IDisposable
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/42");

    private readonly EventFrame _frame = new();
    private readonly byte[] _copy = new byte[16];
    private readonly Delta _delta = new(7, 0, SampleTurn.Answer(200).Id, DeltaKind.Text, "four");
    private readonly TurnEnded _ended = new(60, SampleTurn.Ended, [SampleTurn.Answer(200)]);

    [Benchmark(Baseline = true)]
    public int TextAlone() => Encoding.UTF8.GetBytes(_delta.Text, _copy);

    [Benchmark]
    public int Delta() => _frame.Write(EventShape.Of(Key, _delta)!).Length;

    [Benchmark]
    public int Ended() => _frame.Write(EventShape.Of(Key, _ended)!).Length;

    public void Dispose()
    {
        _frame.Dispose();
        GC.SuppressFinalize(this);
    }
}
