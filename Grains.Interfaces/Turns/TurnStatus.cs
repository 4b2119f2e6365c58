namespace Conversations.Turns;

/// <summary>Where a turn is in its life. The numbers are on disk.</summary>
public enum TurnStatus : short
{
    /// <summary>Accepted, waiting for the turns before it.</summary>
    Queued = 0,

    /// <summary>Running.</summary>
    InProgress = 1,

    /// <summary>Ended as wished.</summary>
    Completed = 2,

    /// <summary>Ended early with what there was: a bound of tokens or of content.</summary>
    Incomplete = 3,

    /// <summary>Ended by a fault; <see cref="Turn.Error"/> says which.</summary>
    Failed = 4,

    /// <summary>Ended by somebody's wish.</summary>
    Cancelled = 5,
}

/// <summary>Questions about a <see cref="TurnStatus"/>.</summary>
public static class TurnStatuses
{
    /// <summary>Whether nothing more will happen to the turn.</summary>
    public static bool IsTerminal(this TurnStatus status) => status >= TurnStatus.Completed;
}
