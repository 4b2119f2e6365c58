using Conversations.Sessions;

namespace Conversations.CrashPoints;

/// <summary>The points around the acceptance of a request.</summary>
internal sealed class AcceptPoints(KillSwitch kill) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.Name != nameof(ISessionGrain.SubmitAsync))
        {
            await context.Invoke();
            return;
        }

        var session = KillSwitch.SessionOf(context.TargetId);
        kill.Reach(CrashPoint.BeforeAccept, session);
        await context.Invoke();
        kill.Reach(CrashPoint.AfterAccept, session);
    }
}
