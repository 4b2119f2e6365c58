using Conversations.Grains.Sessions;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Grains.Sessions;

/// <summary>Each bound of a request, at it and one past it.</summary>
public sealed class AcceptanceTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private static readonly SessionOptions Bounds = new() { QueueLength = 3, ItemsPerRequest = 4, InputLength = 20, OutputTokens = 100 };

    private readonly SessionState _state = new();

    public AcceptanceTests() => _state.Create(Now);

    [Theory]
    [InlineData(4, true)]
    [InlineData(5, false)]
    public void Check_Items_AtAndPastTheBound(int items, bool accepted) =>
        Verify(Request([.. Enumerable.Repeat("x", items)]), accepted, RefusalCode.TooLarge, "input");

    [Fact]
    public void Check_NothingToAnswer_IsRefused()
    {
        Verify(Request(), accepted: false, RefusalCode.Invalid, "input");
        Verify(Request() with { CallsModel = false }, accepted: false, RefusalCode.Invalid, "items");
        Verify(Request() with { From = new ForkFrom { Session = "a" } }, accepted: true, default, "");
        _state.Enqueue(Request("x"), new TurnOptions(), Now);
        Verify(Request(), accepted: true, default, "");
        _state.StartNext(Now);
        Verify(Request(), accepted: true, default, "");
    }

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Check_InputLength_AtAndPastTheBound(int length, bool accepted) =>
        Verify(Request(new string('x', length - 1), "x"), accepted, RefusalCode.TooLarge, "input");

    [Theory]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Check_InputLength_CountsWhateverAnItemHolds(int length, bool accepted)
    {
        var text = new string('x', length - 10);
        var half = new string('x', 5);
        ItemBody[] bodies =
        [
            new Message(Role.User, [new InputText(text), new InputImage(half, half, "auto")]),
            new Message(Role.Assistant, [new OutputText(text), new RefusalText(half + half)]),
            new Message(Role.User, [new InputFile(text[..^5], half, half, half)]),
            new FunctionCallOutput("c", text + half + half),
            new FunctionCall("c", "f", text + half + half),
            new Reasoning([text, half], half),
        ];
        Assert.All(bodies, body => Verify(Request() with { Input = [body] }, accepted, RefusalCode.TooLarge, "input"));
    }

    [Theory]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void Check_OutputTokens_AtAndPastTheBound(int tokens, bool accepted) => Verify(
        Request("x") with { Options = new TurnOptions { MaxOutputTokens = tokens } }, accepted, RefusalCode.Invalid, "max_output_tokens");

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void CheckBounds_Queue_AtAndPastTheBound(int unfinished, bool accepted)
    {
        for (var i = 0; i < unfinished; i++) _state.Enqueue(Request("x"), new TurnOptions(), Now);
        var overlap = Decide(OverlapKind.Enqueue, Request("x"), Now);
        if (accepted)
        {
            Acceptance.CheckBounds(overlap, _state, Request("x"), Bounds);
            return;
        }

        var refusal = Assert.Throws<RefusalException>(() => Acceptance.CheckBounds(overlap, _state, Request("x"), Bounds));
        Assert.Equal(RefusalCode.QueueFull, refusal.Code);
        // What takes the place of others needs none of its own.
        _state.StartNext(Now);
        Acceptance.CheckBounds(Decide(OverlapKind.Latest, Request("x"), Now), _state, Request("x"), Bounds);
    }

    [Theory]
    [InlineData(3, 1, true)]
    [InlineData(4, 1, false)]
    [InlineData(1, 19, true)]
    [InlineData(1, 20, false)]
    public void CheckBounds_MergedInput_AtTheBoundJoinsAndPastItIsATurnOfItsOwn(int items, int length, bool joins)
    {
        _state.Enqueue(Request("x"), new TurnOptions(), Now);
        _state.StartNext(Now);
        var waiting = _state.Enqueue(Request([.. Enumerable.Repeat("x", items)]), new TurnOptions(), Now);
        var request = Request(new string('x', length));
        var overlap = Acceptance.CheckBounds(Decide(OverlapKind.Merge, request, Now), _state, request, Bounds);
        Assert.Equal(joins ? waiting : null, overlap.MergeInto);
    }

    [Theory]
    [InlineData(29, 30)]
    [InlineData(30, 30)]
    [InlineData(31, 30)]
    public void Decide_Debounce_IsHeldOffNoLongerThanTheBound(int after, int due)
    {
        var first = Request("x") with { Overlap = new OverlapPolicy(OverlapKind.Debounce, TimeSpan.FromSeconds(1)) };
        _state.Enqueue(first, new TurnOptions(), Now, Now.AddSeconds(1));
        var overlap = Decide(OverlapKind.Debounce, first, Now.AddSeconds(after));
        Assert.Equal(Now.AddSeconds(due), overlap.DueAt);
        Assert.Equal(Now.AddSeconds(29.5), Decide(OverlapKind.Debounce, first, Now.AddSeconds(28.5)).DueAt);
    }

    private Overlap Decide(OverlapKind kind, TurnRequest request, DateTimeOffset now) =>
        Overlap.Decide(new OverlapPolicy(kind, TimeSpan.FromSeconds(1)), _state.Unfinished, request, null, now, TimeSpan.FromSeconds(30));

    private void Verify(TurnRequest request, bool accepted, RefusalCode code, string parameter)
    {
        var refusal = Record.Exception(() => Acceptance.Check(_state, request, Bounds));
        if (accepted) Assert.Null(refusal);
        else Assert.Equal((code, parameter), (Assert.IsType<RefusalException>(refusal).Code, ((RefusalException)refusal).Parameter));
    }

    private static TurnRequest Request(params string[] texts) => new()
    {
        Id = TurnId.New(TimeProvider.System),
        Fingerprint = new byte[] { 1 },
        Input = [.. texts.Select(t => new Message(Role.User, [new InputText(t)]))],
        Options = new TurnOptions(),
    };
}
