using System.Collections.Immutable;

namespace Conversations.Turns;

/// <summary>One request and everything done to answer it, as of one moment.</summary>
[GenerateSerializer, Immutable, Alias("conversations.Turn")]
public sealed record Turn
{
    /// <summary>Its name inside the session.</summary>
    [Id(0)] public required TurnId Id { get; init; }

    /// <summary>Its place in the order of acceptance, from 0.</summary>
    [Id(1)] public required long Order { get; init; }

    /// <summary>Where it is in its life.</summary>
    [Id(2)] public required TurnStatus Status { get; init; }

    /// <summary>What the caller asked for; <see cref="TurnOptions.Agent"/> is set unless no model is called.</summary>
    [Id(3)] public required TurnOptions Options { get; init; }

    /// <summary>Whether a model is called (false: items appended from outside).</summary>
    [Id(4)] public bool CallsModel { get; init; } = true;

    /// <summary>The hash that tells a retry from another request under the same name.</summary>
    [Id(5)] public ReadOnlyMemory<byte> Fingerprint { get; init; }

    /// <summary>When it was accepted.</summary>
    [Id(6)] public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended, or null.</summary>
    [Id(7)] public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The seq of its first input item; null until it starts.</summary>
    [Id(8)] public long? FirstSeq { get; init; }

    /// <summary>How many items it was given.</summary>
    [Id(9)] public required int InputCount { get; init; }

    /// <summary>Whether its stream said that it was queued.</summary>
    [Id(10)] public bool WasQueued { get; init; }

    /// <summary>The tries so far, oldest first; the last one's index is the current attempt. Empty until it starts.</summary>
    [Id(11)] public ImmutableArray<Attempt> Attempts { get; init; } = [];

    /// <summary>What the model used so far, or null.</summary>
    [Id(12)] public Usage? Usage { get; init; }

    /// <summary>Why it failed, or null.</summary>
    [Id(13)] public TurnError? Error { get; init; }

    /// <summary>Why it is incomplete or cancelled, or null.</summary>
    [Id(14)] public string? Reason { get; init; }

    /// <summary>Whether a later turn took its place, so that its items are out of lists and window.</summary>
    [Id(15)] public bool Superseded { get; init; }

    /// <summary>The turn that its input was joined to, or null.</summary>
    [Id(16)] public TurnId? MergedInto { get; init; }

    /// <summary>When it may start, if not at once.</summary>
    [Id(17)] public DateTimeOffset? DueAt { get; init; }

    /// <summary>Whether it waits for a person and costs nothing meanwhile.</summary>
    [Id(18)] public bool Parked { get; init; }

    /// <summary>How many items it has on disk, its input included: they are consecutive from <see cref="FirstSeq"/>.</summary>
    [Id(19)] public int ItemCount { get; init; }

    /// <summary>What somebody wished to happen to it while it ran; journaled, so that it happens also if the silo dies first.</summary>
    [Id(20)] public StopWish Stop { get; init; }

    /// <summary>The current attempt, from 0.</summary>
    public int AttemptNumber => Math.Max(0, Attempts.Length - 1);

    /// <summary>The turn as its stream's first event shows it, whatever came later.</summary>
    public Turn AsAccepted() => this with
    {
        Status = WasQueued ? TurnStatus.Queued : TurnStatus.InProgress,
        EndedAt = null,
        FirstSeq = null,
        ItemCount = 0,
        Attempts = [],
        Usage = null,
        Error = null,
        Reason = null,
        Superseded = false,
        Parked = false,
        Stop = StopWish.None,
    };

    /// <summary>The turn as its stream shows it when it starts, whatever came later.</summary>
    public Turn AsStarted() => AsAccepted() with
    {
        Status = TurnStatus.InProgress,
        FirstSeq = FirstSeq,
        ItemCount = InputCount,
        Attempts = Attempts.IsDefaultOrEmpty ? [] : [Attempts[0] with { HandedOver = false }],
    };
}

/// <summary>A wish to end a running turn. The numbers are on disk.</summary>
public enum StopWish : short
{
    /// <summary>None: let it run.</summary>
    None = 0,

    /// <summary>End it and keep what it produced.</summary>
    Cancel = 1,

    /// <summary>End it for a newer request and keep what it produced.</summary>
    Interrupt = 2,

    /// <summary>End it for a newer request and hide what it produced.</summary>
    Rollback = 3,
}

/// <summary>One try at running a turn.</summary>
/// <param name="Silo">The name of the silo that ran it.</param>
/// <param name="StartedAt">When it began.</param>
/// <param name="HandedOver">Whether it ended because its silo shut down in good order, which counts against nothing.</param>
[GenerateSerializer, Immutable, Alias("conversations.Attempt")]
public sealed record Attempt(
    [property: Id(0)] string Silo, [property: Id(1)] DateTimeOffset StartedAt, [property: Id(2)] bool HandedOver = false);

/// <summary>Tokens, as the model's provider counts them.</summary>
/// <param name="InputTokens">Tokens handed in.</param>
/// <param name="OutputTokens">Tokens produced.</param>
/// <param name="CachedTokens">Of the input: read from a cache.</param>
/// <param name="ReasoningTokens">Of the output: spent on thinking.</param>
[GenerateSerializer, Immutable, Alias("conversations.Usage")]
public sealed record Usage(
    [property: Id(0)] long InputTokens,
    [property: Id(1)] long OutputTokens,
    [property: Id(2)] long CachedTokens = 0,
    [property: Id(3)] long ReasoningTokens = 0)
{
    /// <summary>The sum of two model calls.</summary>
    public static Usage operator +(Usage a, Usage b) => new(
        a.InputTokens + b.InputTokens,
        a.OutputTokens + b.OutputTokens,
        a.CachedTokens + b.CachedTokens,
        a.ReasoningTokens + b.ReasoningTokens);

    /// <inheritdoc cref="op_Addition"/>
    public static Usage Add(Usage left, Usage right) => left + right;
}

/// <summary>Why a turn failed; fit for the caller's eyes.</summary>
/// <param name="Code">A stable word for programs.</param>
/// <param name="Message">A sentence for people.</param>
[GenerateSerializer, Immutable, Alias("conversations.TurnError")]
public sealed record TurnError([property: Id(0)] string Code, [property: Id(1)] string Message);
