using System.Collections.Immutable;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.Grpc;

/// <summary>One of each kind of thing that crosses the wire.</summary>
internal static class Samples
{
    public static readonly TurnId TurnId = new(new Guid("0198c0de-0000-7000-8000-000000000001"));

    private static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static Turn Turn { get; } = new()
    {
        Id = TurnId,
        Order = 7,
        Status = TurnStatus.Failed,
        Options = Options,
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
    };

    public static TurnOptions Options => new()
    {
        Agent = "demo",
        Instructions = "Be brief.",
        Temperature = 0,
        TopP = 0.5,
        MaxOutputTokens = 100,
        MaxToolCalls = 3,
        ParallelToolCalls = false,
        Metadata = ImmutableSortedDictionary<string, string>.Empty.Add("a", "1").Add("b", ""),
        Background = true,
        NamesSession = true,
        User = "sam",
        ToolsJson = """
            [{"type":"function","name":"look","description":"Größe","parameters":{"type":"object","properties":{"x":{"type":"number","maximum":1.50}}},"strict":true},{"type":"function","name":"go","description":null,"parameters":null,"strict":null}]
            """,
        ToolChoiceJson = """{"type":"function","name":"look"}""",
        TextJson = """{"format":{"type":"json_object"},"verbosity":"low"}""",
        ReasoningJson = """{"effort":"low","summary":null}""",
    };

    public static IEnumerable<ItemBody> Bodies =>
    [
        new Message(
            Role.User,
            [
                new InputText("Hello 👋"),
                new InputImage("https://example.org/a.png", null, "low"),
                new InputImage("data:image/png;base64,iVBORw0KGgo=", null, "auto"),
                new InputFile("a.txt", "data:text/plain;base64,YQ==", null, null),
                new InputFile("a.pdf", "YQ==", null, null),
                new InputFile(null, null, "https://example.org/a", null),
            ]),
        new Message(Role.Assistant, [new OutputText("Hi"), new RefusalText("No.")]),
        new Message(Role.System, [new InputText("Rules")]),
        new Message(Role.Developer, [new InputText("More rules")]),
        new FunctionCall("call_1", "weather", "{\"city\":"),
        new FunctionCallOutput("call_1", ""),
        FunctionCallOutput.Of(
            "call_1", [new InputText("a"), new InputImage("https://example.org/a.png", null, "auto"), new InputFile("a.pdf", "YQ==", null, null), new InputText("b")]),
        new Reasoning(["One", "Two"], "opaque"),
        new Reasoning([]),
        new Compaction("They said hello."),
        new ApprovalRequest("call_2", "launch", "{}"),
        new ApprovalResponse("call_2", true),
        new ApprovalResponse("call_2", false, "Too windy."),
    ];

    public static IEnumerable<TurnEvent> Events =>
    [
        new TurnAccepted(0, Turn),
        new TurnQueued(1, Turn),
        new TurnStarted(2, Turn),
        new ItemAdded(3, 0, Name(1), new Message(Role.Assistant, [])),
        new PartAdded(4, 0, Name(1), DeltaKind.Text),
        new Delta(5, 0, Name(1), DeltaKind.Text, "Hel"),
        new AttemptStarted(TurnEvent.AttemptStride, "silo-2"),
        new TextDone(TurnEvent.AttemptStride + 1, 1, Name(2, 1), DeltaKind.Arguments, "{}", "weather"),
        new PartDone(TurnEvent.AttemptStride + 2, 1, Name(3, 1), DeltaKind.ReasoningSummary, "Hm"),
        new ItemDone(TurnEvent.AttemptStride + 3, 1, Name(2, 1), Output(new FunctionCall("call_1", "weather", "{}"))),
        new TurnEnded(TurnEvent.AttemptStride + 4, Turn, [Output(new Message(Role.Assistant, [new OutputText("Hello")]))]),
    ];

    public static ItemId Name(int index, int attempt = 0) => new(TurnId, attempt, index);

    public static Item Input(ItemBody body, long seq = 40) => new(seq, Name(0), ItemStatus.Completed, body);

    public static Item Output(ItemBody body) => new(41, Name(1, 1), ItemStatus.Completed, body, new Emission(3, DeltaLengths.None));

    /// <summary>Every concrete record of a closed family.</summary>
    public static IEnumerable<Type> KindsOf<T>() => typeof(T).Assembly.GetTypes().Where(t => !t.IsAbstract && t.IsAssignableTo(typeof(T)));
}
