using Conversations.Grains.Sessions;
using Conversations.History;
using Conversations.Journal.Rows;
using Conversations.Turns;
using Orleans.Storage;

namespace Conversations.CrashPoints;

/// <summary>The points around the writes of a session.</summary>
internal sealed class JournalPoints(IGrainStorage real, KillSwitch kill) : IGrainStorage, ILifecycleParticipant<ISiloLifecycle>
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => real.ReadStateAsync(stateName, grainId, grainState);

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var session = KillSwitch.SessionOf(grainId);
        var delta = grainState.State is SessionState state ? state.Flushing : null;
        var ends = delta?.Turns?.Any(IsEnded) == true;
        if (delta?.Items?.Any(item => item.Body is FunctionCallOutput) == true) kill.Reach(CrashPoint.AfterEffect, session);
        if (ends) kill.Reach(CrashPoint.BeforeJournal, session);
        await real.WriteStateAsync(stateName, grainId, grainState);
        if (ends) kill.Reach(CrashPoint.AfterJournal, session);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => real.ClearStateAsync(stateName, grainId, grainState);

    public void Participate(ISiloLifecycle lifecycle) => ((ILifecycleParticipant<ISiloLifecycle>)real).Participate(lifecycle);

    private static bool IsEnded(TurnRow turn) => ((TurnStatus)turn.Status).IsTerminal();
}
