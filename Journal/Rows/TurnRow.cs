using Conversations.History;
using Conversations.Turns;

namespace Conversations.Journal.Rows;

/// <summary>A row of the table <c>turn</c>.</summary>
public sealed record TurnRow
{
    /// <summary>The turn's id.</summary>
    public required Guid TurnId { get; init; }

    /// <summary>Its place in the order of acceptance.</summary>
    public required long Ord { get; init; }

    /// <summary>See <see cref="TurnStatus"/>.</summary>
    public required short Status { get; init; }

    /// <summary>Whether a model is called.</summary>
    public required bool CallsModel { get; init; }

    /// <summary>The current attempt.</summary>
    public required int Attempt { get; init; }

    /// <summary>The seq of its first input item.</summary>
    public long? FirstSeq { get; init; }

    /// <summary>How many items it was given.</summary>
    public required int InputCount { get; init; }

    /// <summary>How many items it has in the history.</summary>
    public int ItemCount { get; init; }

    /// <summary>Whether its stream said that it was queued.</summary>
    public bool WasQueued { get; init; }

    /// <summary>Whether it waits for a person.</summary>
    public bool Parked { get; init; }

    /// <summary>Whether a later turn took its place.</summary>
    public bool Superseded { get; init; }

    /// <summary>The turn its input was joined to.</summary>
    public Guid? MergedInto { get; init; }

    /// <summary>When it may start.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>The hash of the request; as PostgreSQL writes <c>bytea</c>.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>What the caller asked for; null in a change that leaves it as it is.</summary>
    public TurnOptions? Options { get; init; }

    /// <summary>What became of it so far.</summary>
    public TurnProgress? Progress { get; init; }

    /// <summary>The items it was given, until it starts.</summary>
    public IReadOnlyList<ItemBody>? Input { get; init; }

    /// <summary>The row of a turn; <paramref name="input"/> only while it is queued.</summary>
    public static TurnRow From(Turn turn, IReadOnlyList<ItemBody>? input) => new()
    {
        TurnId = turn.Id.Value,
        Ord = turn.Order,
        Status = (short)turn.Status,
        CallsModel = turn.CallsModel,
        Attempt = turn.AttemptNumber,
        FirstSeq = turn.FirstSeq,
        InputCount = turn.InputCount,
        ItemCount = turn.ItemCount,
        WasQueued = turn.WasQueued,
        Parked = turn.Parked,
        Superseded = turn.Superseded,
        MergedInto = turn.MergedInto?.Value,
        DueAt = turn.DueAt,
        CreatedAt = turn.CreatedAt,
        EndedAt = turn.EndedAt,
        Fingerprint = Bytea.Write(turn.Fingerprint.Span),
        Options = turn.Options,
        Progress = TurnProgress.From(turn),
        Input = input,
    };

    /// <summary>The turn of a row.</summary>
    public Turn ToTurn() => new()
    {
        Id = new TurnId(TurnId),
        Order = Ord,
        Status = (TurnStatus)Status,
        Options = Options is null ? new TurnOptions() : JournalJson.Whole(Options),
        CallsModel = CallsModel,
        Fingerprint = Bytea.Read(Fingerprint),
        CreatedAt = CreatedAt.ToUniversalTime(),
        EndedAt = EndedAt?.ToUniversalTime(),
        FirstSeq = FirstSeq,
        InputCount = InputCount,
        ItemCount = ItemCount,
        WasQueued = WasQueued,
        Attempts = Progress?.Attempts is { } attempts ? [.. attempts] : [],
        Usage = Progress?.Usage,
        Error = Progress?.Error,
        Reason = Progress?.Reason,
        Superseded = Superseded,
        MergedInto = MergedInto is { } into ? new TurnId(into) : null,
        DueAt = DueAt?.ToUniversalTime(),
        Parked = Parked,
        Stop = (StopWish)(Progress?.Stop ?? 0),
    };
}

/// <summary>What became of a turn so far: the JSON of the column <c>progress</c>.</summary>
public sealed record TurnProgress
{
    /// <summary>The tries.</summary>
    public IReadOnlyList<Attempt>? Attempts { get; init; }

    /// <summary>Tokens used.</summary>
    public Usage? Usage { get; init; }

    /// <summary>Why it failed.</summary>
    public TurnError? Error { get; init; }

    /// <summary>Why it is incomplete or cancelled.</summary>
    public string? Reason { get; init; }

    /// <summary>See <see cref="StopWish"/>; null: none.</summary>
    public short? Stop { get; init; }

    internal static TurnProgress From(Turn turn) => new()
    {
        Attempts = turn.Attempts.IsDefaultOrEmpty ? null : turn.Attempts,
        Usage = turn.Usage,
        Error = turn.Error,
        Reason = turn.Reason,
        Stop = turn.Stop == StopWish.None ? null : (short)turn.Stop,
    };
}
