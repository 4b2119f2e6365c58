using System.Collections.Immutable;

namespace Conversations.Sessions;

/// <summary>A session's head, as of one moment.</summary>
[GenerateSerializer, Immutable, Alias("conversations.Session")]
public sealed record Session
{
    /// <summary>The caller's session id.</summary>
    [Id(0)] public required string Id { get; init; }

    /// <summary>When it was made.</summary>
    [Id(1)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The caller's own notes about it.</summary>
    [Id(2)] public ImmutableSortedDictionary<string, string> Metadata { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>How many items it has; the next one's seq.</summary>
    [Id(3)] public long ItemCount { get; init; }

    /// <summary>The name of the silo that wrote to it last, or null.</summary>
    [Id(4)] public string? Silo { get; init; }

    /// <summary>What it was forked from, or null.</summary>
    [Id(5)] public Parent? Parent { get; init; }
}
