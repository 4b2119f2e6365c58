using System.Collections.Immutable;

namespace Conversations.Grains.Limits;

/// <summary>What each silo last said of the sessions at work on it. Pure.</summary>
internal sealed class Census
{
    /// <summary>A silo that says nothing for so long counts no more.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, (DateTimeOffset At, ImmutableDictionary<string, int> Running)> _reports = new(StringComparer.Ordinal);

    /// <summary>Notes what a silo says, and returns the sum of the others.</summary>
    public ImmutableDictionary<string, int> Report(string silo, ImmutableDictionary<string, int> running, DateTimeOffset now)
    {
        _reports[silo] = (now, running);
        foreach (var gone in _reports.Where(r => now - r.Value.At > Lifetime).Select(r => r.Key).ToList()) _reports.Remove(gone);
        var others = ImmutableDictionary.CreateBuilder<string, int>(StringComparer.Ordinal);
        foreach (var (tenant, count) in _reports.Where(r => r.Key != silo).SelectMany(r => r.Value.Running))
        {
            others[tenant] = others.GetValueOrDefault(tenant) + count;
        }

        return others.ToImmutable();
    }
}
