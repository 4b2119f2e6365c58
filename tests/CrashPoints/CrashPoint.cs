namespace Conversations.CrashPoints;

/// <summary>The moments at which a silo can be told to die.</summary>
internal static class CrashPoint
{
    /// <summary>The environment variable that names the directory in which points are armed.</summary>
    public const string Variable = "CONVERSATIONS_CRASH_POINTS";

    /// <summary>The request is with the session, which has done nothing about it.</summary>
    public const string BeforeAccept = "before-accept";

    /// <summary>The turn is on disk, and nobody was told.</summary>
    public const string AfterAccept = "after-accept";

    /// <summary>The model has said everything, and the turn's end is about to be written.</summary>
    public const string BeforeJournal = "before-journal";

    /// <summary>The turn's end is on disk, and nobody was told.</summary>
    public const string AfterJournal = "after-journal";

    /// <summary>A tool did what it does, and its result is about to be written.</summary>
    public const string AfterEffect = "after-effect";

    /// <summary>The session was read, and is about to take up what was left.</summary>
    public const string Activation = "activation";

    /// <summary>The session has handed over, and its silo has not yet let go of it.</summary>
    public const string Deactivation = "deactivation";

    /// <summary>The file that arms a point for a session.</summary>
    public static string ArmedFile(string directory, string point, string session) => Path.Combine(directory, $"{point}@{session}");

    /// <summary>What that file is called once the point was reached.</summary>
    public static string ReachedFile(string directory, string point, string session) => ArmedFile(directory, point, session) + ".reached";

    /// <summary>The file that has a line for each effect of the tool <c>ring</c>: the call's id.</summary>
    public static string EffectsFile(string directory, string session) => Path.Combine(directory, $"effects@{session}");
}
