using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Conversations.Grains.Limits;

/// <summary>Tells silos of each other's sessions at work. One in the cluster; its key is 0. It remembers nothing that is not said again.</summary>
[Alias("conversations.ICensusGrain")]
internal interface ICensusGrain : IGrainWithIntegerKey
{
    /// <summary>Says how many sessions of each tenant are at work on a silo; returns how many are on all others.</summary>
    [Alias("Report"), ResponseTimeout("00:00:02")]
    Task<Immutable<ImmutableDictionary<string, int>>> ReportAsync(string silo, Immutable<ImmutableDictionary<string, int>> running);
}
