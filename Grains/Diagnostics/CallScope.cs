using Conversations.Grains.Sessions;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.Logging;

namespace Conversations.Grains.Diagnostics;

/// <summary>
/// Around every call of a session: all that is logged meanwhile names tenant, session, turn, user and request; and what goes wrong
/// leaves the silo as a refusal or as a fault that a gateway understands, for it has not the types of a database driver.
/// </summary>
internal sealed partial class CallScope(SiloIdentity silo, ILogger<CallScope> log) : IIncomingGrainCallFilter
{
    public async Task Invoke(IIncomingGrainCallContext context)
    {
        if (context.InterfaceMethod.DeclaringType != typeof(ISessionGrain))
        {
            await context.Invoke();
            return;
        }

        using var scope = log.BeginScope(Describe(context));
        try
        {
            await context.Invoke();
        }
        catch (RefusalException refusal)
        {
            refusal.Silo = silo.Name;
            throw;
        }
        catch (Exception e) when (e is not (RetryException or OperationCanceledException))
        {
            LogFault(e, context.InterfaceMethod.Name);
            throw new RetryException($"A fault in {context.InterfaceMethod.Name}: send the same request again.");
        }
    }

    private SessionScope Describe(IIncomingGrainCallContext context) =>
        new(silo.Name, context.TargetId.Key.ToString()!, TurnOf(context), CallerContext.RequestId, CallerContext.User);

    private static TurnId? TurnOf(IIncomingGrainCallContext context) =>
        context.Request.GetArgumentCount() == 0
            ? null
            : context.Request.GetArgument(0) switch
            {
                TurnRequest request => request.Id,
                TurnId turn => turn,
                _ => null,
            };

    [LoggerMessage(1, LogLevel.Error, "A call of {Method} failed")]
    private partial void LogFault(Exception exception, string method);
}
