using System.Collections.Concurrent;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Microsoft.Extensions.DependencyInjection;

namespace Conversations.Cluster.Tests;

/// <summary>Counts, by session, how often an activation reads what it did not load.</summary>
internal sealed class CountedReads
{
    private readonly ConcurrentDictionary<SessionKey, int> _counts = new();

    public int Of(SessionKey key) => _counts.GetValueOrDefault(key);

    public void Decorate(IServiceCollection services)
    {
        var real = services.Last(s => s.ServiceType == typeof(ILineageReader));
        services.AddSingleton<ILineageReader>(provider => new Reader((ILineageReader)real.ImplementationFactory!(provider), _counts));
    }

    private sealed class Reader(ILineageReader real, ConcurrentDictionary<SessionKey, int> counts) : ILineageReader
    {
        public Task<IReadOnlyList<Item>> ReadBeforeAsync(SessionKey key, long seq, int limit, CancellationToken cancellationToken)
        {
            counts.AddOrUpdate(key, 1, (_, n) => n + 1);
            return real.ReadBeforeAsync(key, seq, limit, cancellationToken);
        }

        public Task<ForkOrigin> FindForkAsync(string tenant, ForkFrom from, int window, CancellationToken cancellationToken) =>
            real.FindForkAsync(tenant, from, window, cancellationToken);

        public Task<string> FindOwnerAsync(SessionKey key, long seq, CancellationToken cancellationToken) =>
            real.FindOwnerAsync(key, seq, cancellationToken);

        public Task<IReadOnlyList<SessionKey>> FindSharersAsync(string tenant, string owner, long seq, CancellationToken cancellationToken) =>
            real.FindSharersAsync(tenant, owner, seq, cancellationToken);
    }
}
