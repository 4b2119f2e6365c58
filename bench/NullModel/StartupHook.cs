using System.Diagnostics;
using Conversations.NullModel;

/// <summary>What .NET runs before a program's own beginning if DOTNET_STARTUP_HOOKS names this assembly.</summary>
internal static class StartupHook
{
    public static void Initialize() => DiagnosticListener.AllListeners.Subscribe(new HostBuilding());
}
