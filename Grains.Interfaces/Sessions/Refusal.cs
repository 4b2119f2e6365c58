namespace Conversations.Sessions;

/// <summary>Why a wish was refused. Closed: one table per wire maps each to a status.</summary>
public enum RefusalCode
{
    /// <summary>The request breaks a rule that the message names.</summary>
    Invalid = 0,

    /// <summary>There is no such session.</summary>
    SessionNotFound = 1,

    /// <summary>There is no such turn.</summary>
    TurnNotFound = 2,

    /// <summary>There is no such item.</summary>
    ItemNotFound = 3,

    /// <summary>There is no such agent.</summary>
    AgentNotFound = 4,

    /// <summary>The session is busy and the policy is to refuse.</summary>
    SessionBusy = 5,

    /// <summary>The session's queue is full.</summary>
    QueueFull = 6,

    /// <summary>Something is larger than its bound.</summary>
    TooLarge = 7,

    /// <summary>The same idempotency key came with another request.</summary>
    KeyReused = 8,

    /// <summary>The session moved on since the caller looked.</summary>
    Moved = 9,

    /// <summary>Too much at once; later it will do.</summary>
    TooMany = 10,

    /// <summary>There is a session of this id already, and another one.</summary>
    SessionExists = 11,
}

/// <summary>A wish that was refused: the caller's fault, and nothing happened.</summary>
/// <param name="code">Why.</param>
/// <param name="message">What to do about it, in words fit for the caller.</param>
/// <param name="parameter">The parameter at fault, or null.</param>
[GenerateSerializer, Alias("conversations.RefusalException")]
public sealed class RefusalException(RefusalCode code, string message, string? parameter = null) : Exception(message)
{
    /// <summary>Why.</summary>
    [Id(0)] public RefusalCode Code { get; } = code;

    /// <summary>The parameter at fault, or null.</summary>
    [Id(1)] public string? Parameter { get; } = parameter;

    /// <summary>The name of the silo that refused, if one did.</summary>
    [Id(2)] public string? Silo { get; set; }
}

/// <summary>A fault that another try of the same call cures: what happened to this one is unknown.</summary>
/// <param name="message">What happened, without a trace of what people wrote.</param>
[GenerateSerializer, Alias("conversations.RetryException")]
public sealed class RetryException(string message) : Exception(message);
