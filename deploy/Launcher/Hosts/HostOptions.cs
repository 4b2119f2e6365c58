namespace Conversations.Launcher.Hosts;

/// <summary>What a host process is started with.</summary>
internal sealed record HostOptions
{
    /// <summary>The name, in messages and of the log file: <c>silo-1</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The assembly to run.</summary>
    public required string Assembly { get; init; }

    /// <summary>The directory for logs.</summary>
    public required string LogDirectory { get; init; }

    /// <summary>Its configuration, as environment variables. A null value removes the variable.</summary>
    public required IReadOnlyDictionary<string, string?> Variables { get; init; }

    /// <summary>What goes before its command line.</summary>
    public required IReadOnlyList<string> Prefix { get; init; }

    /// <summary>How long it may take to be ready.</summary>
    public required TimeSpan StartTimeout { get; init; }
}
