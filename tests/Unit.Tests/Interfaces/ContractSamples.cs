using System.Collections.Immutable;
using Conversations.Agents;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Interfaces;

/// <summary>One of each record of the contract, with every member set to something.</summary>
internal static class ContractSamples
{
    public static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, 123, TimeSpan.Zero);

    public static readonly TurnId Id = new(new Guid("0198c0de-0000-7000-8000-000000000001"));

    public static ImmutableSortedDictionary<string, string> Metadata { get; } =
        ImmutableSortedDictionary<string, string>.Empty.Add("a", "1").Add("topic", "Grüße 中 \"x\"");

    public static ItemId Name(int index, int attempt = 0) => new(Id, attempt, index);

    public static TurnOptions Options { get; } = new()
    {
        Agent = "demo",
        Instructions = "Be brief.",
        Temperature = 0.25,
        TopP = 0.5,
        MaxOutputTokens = 100,
        MaxToolCalls = 3,
        ParallelToolCalls = true,
        Metadata = Metadata,
        Store = true,
        Background = true,
        NamesSession = true,
        PreviousResponseId = "resp_1",
        ToolsJson = """[{"type":"function","name":"weather"}]""",
        ToolChoiceJson = "\"auto\"",
        TextJson = """{"format":{"type":"text"}}""",
        ReasoningJson = """{"effort":"low"}""",
        Truncation = "disabled",
        PromptCacheKey = "cache-1",
        SafetyIdentifier = "safe-1",
        User = "sam",
        RequestId = "req_1",
    };

    public static Turn Turn { get; } = new()
    {
        Id = Id,
        Order = 7,
        Status = TurnStatus.Failed,
        Options = Options,
        CallsModel = true,
        Fingerprint = new byte[] { 1, 2, 255 },
        CreatedAt = Start,
        EndedAt = Start.AddSeconds(3),
        FirstSeq = 40,
        InputCount = 1,
        ItemCount = 2,
        WasQueued = true,
        Attempts = [new Attempt("silo-1", Start, HandedOver: true), new Attempt("silo-2", Start.AddSeconds(1))],
        Usage = new Usage(11, 12, 13, 14),
        Error = new TurnError("model_error", "The model's provider failed."),
        Reason = "superseded",
        Superseded = true,
        MergedInto = new TurnId(Guid.AllBitsSet),
        DueAt = Start.AddSeconds(2),
        Parked = true,
        Stop = StopWish.Rollback,
    };

    public static ImmutableArray<ContentPart> Parts { get; } =
    [
        new InputText("Hello 👋"),
        new InputImage("https://example.org/a.png", "file_1", "low"),
        new InputFile("a.txt", "data:text/plain,a", "https://example.org/a", "file_2"),
        new OutputText("Hi"),
        new RefusalText("No."),
    ];

    public static ImmutableArray<ItemBody> Bodies { get; } =
    [
        new Message(Role.Developer, Parts),
        new FunctionCall("call_1", "weather", "{\"city\":"),
        new FunctionCallOutput("call_1", "rain", [new InputText("rain")]),
        new Reasoning(["One", "Two"], "opaque"),
        new Compaction("They said hello.", 7),
        new ApprovalRequest("call_1", "weather", "{}"),
        new ApprovalResponse("call_1", Approve: true, "Fine."),
    ];

    public static Item Item { get; } = new(
        41, Name(1, 1), ItemStatus.Incomplete, Bodies[0], new Emission(3, new DeltaLengths(new byte[] { 5, 0x80, 1 })));

    public static ImmutableArray<TurnEvent> Events { get; } =
    [
        new TurnAccepted(9, Turn),
        new TurnQueued(1, Turn),
        new TurnStarted(2, Turn),
        new AttemptStarted(TurnEvent.AttemptStride, "silo-2"),
        new ItemAdded(3, 1, Name(1), Bodies[0]),
        new PartAdded(4, 1, Name(1), DeltaKind.ReasoningSummary),
        new Delta(5, 1, Name(1), DeltaKind.Refusal, "Hel"),
        new TextDone(6, 1, Name(2, 1), DeltaKind.Arguments, "{}", "weather"),
        new PartDone(7, 1, Name(3, 1), DeltaKind.ReasoningSummary, "Hm"),
        new ItemDone(8, 1, Name(2, 1), Item),
        new TurnEnded(10, Turn, [Item]),
    ];

    private static ForkFrom Fork => new() { Session = "41", AtItem = Name(1), BeforeItem = Name(2), AfterTurn = Id, OwnsSession = true };

    public static IEnumerable<object> Everything =>
    [
        Id,
        Name(2, 3),
        Options,
        Turn,
        Turn.Attempts[0],
        Turn.Usage!,
        Turn.Error!,
        Item,
        Item.Emission!,
        Item.Emission!.Deltas,
        new OverlapPolicy(OverlapKind.Debounce, TimeSpan.FromSeconds(2)),
        new TurnRequest
        {
            Id = Id,
            IsFirstTry = true,
            Fingerprint = new byte[] { 7 },
            Input = Bodies,
            Options = Options,
            CallsModel = true,
            Overlap = new OverlapPolicy(OverlapKind.Merge),
            CreatesSession = true,
            After = new TurnId(Guid.AllBitsSet),
            ExpectedSeq = 40,
            MayFork = true,
            IsResent = true,
            From = Fork,
            Lifetime = SessionLifetime.Private,
            OwnsSession = true,
        },
        Fork,
        new Draft { Tenant = "acme", After = Fork, MakesSession = true, Input = Bodies, Options = Options },
        new Compacted([new Message(Role.User, [new InputText("Hi")])], new Compaction("So far.", 3), Turn.Usage!, Turn.Error),
        new Parent("41", 40),
        new SessionMark(5, 2),
        new Submitted(Turn, IsNew: true, 3, "silo-1", NeedsFork: true),
        new EventBatch(Events, BatchState.Journaled, "silo-1"),
        new Session { Id = "42", CreatedAt = Start, Metadata = Metadata, ItemCount = 42, Silo = "silo-1", Parent = new Parent("41", 40) },
        .. Parts,
        .. Bodies,
        .. Events,
    ];
}
