using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Conversations.Grains.Sessions;
using Conversations.Journal.Rows;

namespace Conversations.Micro;

/// <summary>What does it cost an activation to read what the database gives it? The baseline walks over the JSON and no more.</summary>
[MemoryDiagnoser]
public class SnapshotBenchmarks
{
    private byte[] _payload = [];

    /// <summary>Items of 200 characters.</summary>
    [Params(0, 50)]
    public int Items { get; set; }

    [GlobalSetup]
    public void Setup() => _payload = SampleTurn.Snapshot(Items);

    [Benchmark(Baseline = true)]
    public int JsonAlone()
    {
        var reader = new Utf8JsonReader(_payload);
        var tokens = 0;
        while (reader.Read()) tokens++;
        return tokens;
    }

    [Benchmark]
    public SessionSnapshot Read() => JournalJson.ReadSnapshot(_payload);

    [Benchmark]
    public object State() => SessionState.From(JournalJson.ReadSnapshot(_payload));
}
