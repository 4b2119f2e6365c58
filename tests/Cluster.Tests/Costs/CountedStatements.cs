using System.Collections.Concurrent;
using System.Diagnostics;

namespace Conversations.Cluster.Tests.Costs;

/// <summary>Every statement about sessions that goes to one PostgreSQL, as Npgsql itself tells it; other tests have others.</summary>
internal sealed class CountedStatements : IDisposable
{
    private readonly ConcurrentQueue<string> _sent = new();
    private readonly ActivityListener _listener;

    public CountedStatements(int port)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (Equals(activity.GetTagItem("server.port"), port) && (activity.GetTagItem("db.query.text") ?? activity.GetTagItem("db.statement")) is string text && text.Contains("conversations.", StringComparison.Ordinal))
                    _sent.Enqueue(text);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<string> Sent => [.. _sent];

    public void Dispose() => _listener.Dispose();
}
