using System.Collections.Immutable;
using Orleans.Concurrency;

namespace Conversations.Grains.Limits;

/// <inheritdoc cref="ICensusGrain"/>
[GrainType("census")]
internal sealed class CensusGrain(TimeProvider time) : Grain, ICensusGrain
{
    private readonly Census _census = new();

    public Task<Immutable<ImmutableDictionary<string, int>>> ReportAsync(string silo, Immutable<ImmutableDictionary<string, int>> running) =>
        Task.FromResult(_census.Report(silo, running.Value, time.GetUtcNow()).AsImmutable());
}
