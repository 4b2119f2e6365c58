using System.Diagnostics;

namespace Conversations.CrashPoints;

/// <summary>Ends this process where a test has said so.</summary>
/// <param name="directory">Where points are armed: one file each, for one session.</param>
internal sealed class KillSwitch(string directory)
{
    public string Directory => directory;

    /// <summary>Dies as by kill -9 if the point is armed for the session. That works once: the renaming lets one process win.</summary>
    public void Reach(string point, string session)
    {
        try
        {
            File.Move(CrashPoint.ArmedFile(directory, point, session), CrashPoint.ReachedFile(directory, point, session));
        }
        catch (FileNotFoundException)
        {
            return;
        }

        Process.GetCurrentProcess().Kill();
    }

    /// <summary>The session's id in a grain's name.</summary>
    public static string SessionOf(GrainId grain) => grain.Key.ToString()!.Split('/', 2)[^1];
}
