using System.Diagnostics.CodeAnalysis;
using Orleans.Metadata;

namespace Conversations.CrashPoints;

/// <summary>The points at which a session comes and goes.</summary>
internal sealed class LifePoints(KillSwitch kill) : IConfigureGrainContextProvider, IConfigureGrainContext
{
    private static readonly GrainType Session = GrainType.Create("session");

    public bool TryGetConfigurator(GrainType grainType, GrainProperties properties, [NotNullWhen(true)] out IConfigureGrainContext? configurator)
    {
        configurator = grainType == Session ? this : null;
        return configurator is not null;
    }

    public void Configure(IGrainContext context)
    {
        var session = KillSwitch.SessionOf(context.GrainId);
        // Last to start and first to stop.
        context.ObservableLifecycle.Subscribe(
            nameof(LifePoints),
            GrainLifecycleStage.Last,
            _ => Reach(CrashPoint.Activation, session),
            _ => Reach(CrashPoint.Deactivation, session));
    }

    private Task Reach(string point, string session)
    {
        kill.Reach(point, session);
        return Task.CompletedTask;
    }
}
