using System.Collections.Concurrent;
using System.Collections.Immutable;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Conversations.Cluster.Tests;

/// <summary>Counts, by session, how often an activation reads what it did not load; and can hold up a fork that has read what it begins with.</summary>
internal sealed class CountedReads
{
    private readonly ConcurrentDictionary<SessionKey, int> _counts = new();

    /// <summary>What to wait for between a fork's reading and its writing, by tenant.</summary>
    public ConcurrentDictionary<string, Func<Task>> BeforeFork { get; } = new();

    public int Of(SessionKey key) => _counts.GetValueOrDefault(key);

    public void Decorate(IServiceCollection services)
    {
        var real = services.Last(s => s.ServiceType == typeof(ILineageReader));
        services.AddSingleton<ILineageReader>(provider => new Reader((ILineageReader)real.ImplementationFactory!(provider), _counts, BeforeFork));
    }

    private sealed class Reader(ILineageReader real, ConcurrentDictionary<SessionKey, int> counts, ConcurrentDictionary<string, Func<Task>> beforeFork) : ILineageReader
    {
        public Task<IReadOnlyList<Item>> ReadBeforeAsync(SessionKey key, long seq, int limit, CancellationToken cancellationToken)
        {
            counts.AddOrUpdate(key, 1, (_, n) => n + 1);
            return real.ReadBeforeAsync(key, seq, limit, cancellationToken);
        }

        public async Task<ForkOrigin> FindForkAsync(string tenant, ForkFrom from, int window, CancellationToken cancellationToken)
        {
            var origin = await real.FindForkAsync(tenant, from, window, cancellationToken);
            if (beforeFork.TryGetValue(tenant, out var wait)) await wait();
            return origin;
        }

        public Task<ImmutableArray<long>> FindErasedAsync(SessionKey key, long from, long to, CancellationToken cancellationToken) =>
            real.FindErasedAsync(key, from, to, cancellationToken);

        public Task<string> FindOwnerAsync(SessionKey key, long seq, CancellationToken cancellationToken) =>
            real.FindOwnerAsync(key, seq, cancellationToken);

        public Task<IReadOnlyList<SessionKey>> FindSharersAsync(string tenant, string owner, long seq, CancellationToken cancellationToken) =>
            real.FindSharersAsync(tenant, owner, seq, cancellationToken);
    }
}
