using System.Diagnostics;
using Conversations.CrashPoints;

/// <summary>
/// What .NET runs before a program's own beginning if DOTNET_STARTUP_HOOKS names this assembly. It waits for the program to build its
/// host, as test servers and design-time tools do, and puts the points into the silo's services.
/// </summary>
internal static class StartupHook
{
    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(CrashPoint.Variable) is not { Length: > 0 } directory)
        {
            throw new InvalidOperationException($"{CrashPoint.Variable} is not set.");
        }

        DiagnosticListener.AllListeners.Subscribe(new HostBuilding(directory));
    }
}
