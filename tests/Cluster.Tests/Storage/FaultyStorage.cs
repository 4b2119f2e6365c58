using System.Collections.Concurrent;
using Orleans.Storage;

namespace Conversations.Cluster.Tests.Storage;

/// <summary>The real storage, which fails when a test says so: before the write, or after it (the reply is lost).</summary>
public sealed class FaultyStorage(IGrainStorage real) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    private static readonly ConcurrentDictionary<string, Plan> Plans = new(StringComparer.Ordinal);

    /// <summary>Lets the write number <paramref name="write"/> (from 0, counted from now) of a session fail, once.</summary>
    public static void Fail(string key, int write, bool after) => Plans[key] = new Plan(write, after);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => real.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var fails = Plans.TryGetValue(grainId.Key.ToString()!, out var plan) && Interlocked.Decrement(ref plan.Left) == -1;
        if (fails && !plan!.After) throw new TimeoutException("scripted: the write never arrived");
        await real.WriteStateAsync(stateName, grainId, grainState);
        if (fails) throw new TimeoutException("scripted: the reply was lost");
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => real.ClearStateAsync(stateName, grainId, grainState);

    public void Participate(ISiloLifecycle lifecycle) => ((ILifecycleParticipant<ISiloLifecycle>)real).Participate(lifecycle);

    private sealed class Plan(int write, bool after)
    {
        public int Left = write;

        public bool After => after;
    }
}
