using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Orleans.Storage;

namespace Conversations.Grains.Storage;

/// <summary>Sends each session to the provider of the database where it lives, and does nothing else.</summary>
/// <param name="map">Which session is whose.</param>
/// <param name="providers">The stock providers, in the order of the databases.</param>
internal sealed class ShardedStorage(ShardMap map, IReadOnlyList<IGrainStorage> providers) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).ReadStateAsync(stateName, grainId, grainState);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        Of(grainId).ReadStateAsync(stateName, grainId, grainState, cancellationToken);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).WriteStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        Of(grainId).WriteStateAsync(stateName, grainId, grainState, cancellationToken);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        Of(grainId).ClearStateAsync(stateName, grainId, grainState);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        Of(grainId).ClearStateAsync(stateName, grainId, grainState, cancellationToken);

    private IGrainStorage Of(GrainId grain) => providers[map.IndexOf(SessionKey.Parse(grain.Key.ToString()!))];
}
