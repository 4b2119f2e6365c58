using System.Runtime.InteropServices;

namespace Conversations.Launcher.Processes;

/// <summary>The signals that the launcher sends, by their Linux numbers.</summary>
internal enum Signal
{
    Interrupt = 2,
    Quit = 3,
    Kill = 9,
    Terminate = 15,
    Continue = 18,
    Stop = 19,
}

internal static partial class SignalSending
{
    /// <summary>Sends the signal to one process; false if there is no such process (or it is not ours to signal).</summary>
    public static bool SendTo(this Signal signal, int pid) => Kill(pid, (int)signal) == 0;

    /// <summary>As <c>setpriv</c> spells it.</summary>
    public static string KernelName(this Signal signal) => signal switch
    {
        Signal.Interrupt => "INT",
        Signal.Quit => "QUIT",
        Signal.Kill => "KILL",
        Signal.Terminate => "TERM",
        Signal.Continue => "CONT",
        _ => "STOP",
    };

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);
}
