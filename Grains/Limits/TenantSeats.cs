using System.Collections.Concurrent;
using System.Collections.Immutable;
using Conversations.Grains.Sessions;
using Microsoft.Extensions.Options;

namespace Conversations.Grains.Limits;

/// <summary>
/// How many sessions of each tenant are at work: those of this silo, exactly, and those of the others as they last said. A session is at
/// work while a turn of it runs or is about to; one turn of a session runs at a time. Used by all activations of the silo at once.
/// </summary>
internal sealed class TenantSeats(IOptions<SessionOptions> options)
{
    private readonly ConcurrentDictionary<string, int> _here = new(StringComparer.Ordinal);
    private volatile ImmutableDictionary<string, int> _elsewhere = ImmutableDictionary<string, int>.Empty;

    /// <summary>The sessions at work on this silo.</summary>
    public ImmutableDictionary<string, int> Here => _here.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>How many sessions of a tenant are at work, as far as this silo knows.</summary>
    public int Count(string tenant) => _here.GetValueOrDefault(tenant) + _elsewhere.GetValueOrDefault(tenant);

    /// <summary>Counts a session in, unless its tenant has as many as it may.</summary>
    public bool TryTake(string tenant)
    {
        while (true)
        {
            var here = _here.GetValueOrDefault(tenant);
            if (here + _elsewhere.GetValueOrDefault(tenant) >= options.Value.TurnsPerTenant) return false;
            if (Change(tenant, here, here + 1)) return true;
        }
    }

    /// <summary>Counts a session in whose turn was accepted before: that one is never refused.</summary>
    public void Take(string tenant) => Add(tenant, 1);

    /// <summary>Counts a session out.</summary>
    public void Leave(string tenant) => Add(tenant, -1);

    /// <summary>What the other silos have.</summary>
    public void Learn(ImmutableDictionary<string, int> elsewhere) => _elsewhere = elsewhere;

    private void Add(string tenant, int change)
    {
        int here;
        do here = _here.GetValueOrDefault(tenant);
        while (!Change(tenant, here, here + change));
    }

    // Who has none is not in it.
    private bool Change(string tenant, int from, int to) => (from, to) switch
    {
        (0, _) => _here.TryAdd(tenant, to),
        (_, 0) => _here.TryRemove(KeyValuePair.Create(tenant, from)),
        _ => _here.TryUpdate(tenant, to, from),
    };
}
