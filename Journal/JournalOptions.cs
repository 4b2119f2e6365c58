using System.ComponentModel.DataAnnotations;

namespace Conversations.Journal;

/// <summary>How a process connects to PostgreSQL; the section <c>Postgres</c>.</summary>
public sealed class JournalOptions
{
    /// <summary>The most connections of this process for sessions, to each database. Default: 20.</summary>
    [Range(1, 1000)]
    public int SessionPoolSize { get; set; } = 20;

    /// <summary>The most connections of this process for clustering, reminders and other grain state. Default: 5.</summary>
    [Range(1, 1000)]
    public int OrleansPoolSize { get; set; } = 5;

    /// <summary>How many groups of writes may be under way at once. Default: 2.</summary>
    [Range(1, 100)]
    public int WriteGroups { get; set; } = 2;

    /// <summary>How long one statement may take, in seconds. Default: 10.</summary>
    [Range(1, 3600)]
    public int CommandTimeoutSeconds { get; set; } = 10;
}
