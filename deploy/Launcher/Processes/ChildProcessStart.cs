namespace Conversations.Launcher.Processes;

/// <summary>How to start a child process.</summary>
/// <param name="Command">The program and its arguments.</param>
/// <param name="WorkingDirectory">Where it runs.</param>
/// <param name="LogFile">Its output is appended here, by itself: it can log when the launcher is gone or stopped.</param>
internal sealed record ChildProcessStart(IReadOnlyList<string> Command, string WorkingDirectory, string LogFile)
{
    /// <summary>What the kernel sends it when the launcher dies, however that happens.</summary>
    public Signal OnParentDeath { get; init; } = Signal.Kill;

    /// <summary>The account that it runs under; null: ours.</summary>
    public Account? Account { get; init; }

    /// <summary>Its environment, over ours. A null value removes the variable.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();
}
