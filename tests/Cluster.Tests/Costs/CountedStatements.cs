using System.Collections.Concurrent;
using System.Diagnostics;

namespace Conversations.Cluster.Tests.Costs;

/// <summary>Every statement that this process sends to PostgreSQL about sessions, as Npgsql itself tells it.</summary>
internal sealed class CountedStatements : IDisposable
{
    private readonly ConcurrentQueue<string> _sent = new();
    private readonly ActivityListener _listener;

    public CountedStatements()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if ((activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string text && text.Contains("conversations.", StringComparison.Ordinal))
                    _sent.Enqueue(text);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<string> Sent => [.. _sent];

    public void Dispose() => _listener.Dispose();
}
