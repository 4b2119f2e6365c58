using BenchmarkDotNet.Attributes;
using Conversations.Grains.Agents;
using Conversations.Grains.Turns;
using Conversations.History;

namespace Conversations.Micro;

/// <summary>What does it cost to choose what a model sees, before each of its calls? The baseline copies the items in memory.</summary>
[MemoryDiagnoser]
public class WindowBenchmarks
{
    private static readonly ContextSize Newest64 = ContextSize.Of(64, null, "");

    private List<Item> _items = [];

    /// <summary>Items in memory, questions and answers in turn.</summary>
    [Params(50, 2_000)]
    public int Items { get; set; }

    [GlobalSetup]
    public void Setup() => _items = [.. SampleTurn.History(Items)];

    [Benchmark(Baseline = true)]
    public List<Item> Copy() => [.. _items];

    [Benchmark]
    public IReadOnlyList<Item> Window() => ContextWindow.Newest(_items, Newest64);
}
