using System.Text.Json.Serialization;

namespace Conversations.Checker.Evidence;

/// <summary>What became of an operation, as far as its caller knows.</summary>
public enum Outcome
{
    /// <summary>No answer that says so: it happened or did not, now or later.</summary>
    Unknown,

    /// <summary>Acknowledged.</summary>
    Ok,

    /// <summary>Refused: it must not happen.</summary>
    Refused,
}

/// <summary>Something a caller asked for. Times are ticks of one clock that only rises.</summary>
[JsonDerivedType(typeof(Say), "say")]
[JsonDerivedType(typeof(Append), "append")]
[JsonDerivedType(typeof(Read), "read")]
[JsonDerivedType(typeof(Cancel), "cancel")]
[JsonDerivedType(typeof(Fork), "fork")]
[JsonDerivedType(typeof(Delete), "delete")]
[JsonDerivedType(typeof(Erase), "erase")]
[JsonDerivedType(typeof(Resolve), "resolve")]
public abstract record Operation
{
    /// <summary>Who asked.</summary>
    public required string Tenant { get; init; }

    /// <summary>Of which session.</summary>
    public required string Session { get; init; }

    /// <summary>Through which gateway, and in which protocol.</summary>
    public required string Via { get; init; }

    /// <summary>When it was asked for first.</summary>
    public required long Began { get; init; }

    /// <summary>When its outcome was known; if it never was, when the caller gave up.</summary>
    public long Ended { get; set; }

    public Outcome Outcome { get; set; }

    /// <summary>What the caller was told when it was refused or lost.</summary>
    public string? Why { get; set; }
}

/// <summary>A turn with the model.</summary>
public sealed record Say : Operation
{
    /// <summary>What the user says; nobody says it a second time, in any session.</summary>
    public required string Text { get; init; }

    /// <summary>How its answer was waited for.</summary>
    public string? Way { get; init; }

    /// <summary>The overlap policy; null is the default.</summary>
    public string? Policy { get; init; }

    /// <summary>When the caller knew that it was accepted.</summary>
    public long? Accepted { get; set; }

    /// <summary>The turn's name on the wire.</summary>
    public string? Response { get; set; }

    /// <summary>The last status that the caller was shown.</summary>
    public string? Status { get; set; }

    /// <summary>The answer's text, once the turn has ended.</summary>
    public string? Answer { get; set; }

    /// <summary>The status, read when everything was whole again.</summary>
    public string? FinalStatus { get; set; }

    /// <summary>The events of each connection on which the turn was watched, in their order.</summary>
    public List<Watched> Streams { get; init; } = [];

    /// <summary>Whether it was said after all faults were over, when nothing excuses anything.</summary>
    public bool IsProbe { get; init; }
}

/// <summary>Items added without the model.</summary>
public sealed record Append : Operation
{
    public required IReadOnlyList<string> Texts { get; init; }
}

/// <summary>The whole history as one gateway told it.</summary>
public sealed record Read : Operation
{
    public IReadOnlyList<Item> Items { get; set; } = [];

    /// <summary>Whether it was read when everything was whole again.</summary>
    public bool IsFinal { get; init; }
}

/// <summary>A wish to end a turn.</summary>
public sealed record Cancel : Operation
{
    public required string Response { get; init; }
}

/// <summary>A new session that begins with this one's history.</summary>
public sealed record Fork : Operation
{
    public required string Child { get; init; }
}

/// <summary>A wish to erase the session.</summary>
public sealed record Delete : Operation;

/// <summary>A wish to erase an item; with a call all that is about it: who was asked, the answer, the result.</summary>
public sealed record Erase : Operation
{
    /// <summary>The item as it was read.</summary>
    public required Item Item { get; init; }
}

/// <summary>A person's answer to a turn that waits for one before it makes a call.</summary>
public sealed record Resolve : Operation
{
    /// <summary>The call; no two have the same.</summary>
    public required string CallId { get; init; }

    /// <summary>Yes or no.</summary>
    public required bool Approve { get; init; }
}
