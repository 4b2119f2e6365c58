using System.Text;
using System.Text.Json;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Shapes;
using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.Sessions;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class EventShapeTests
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/42");
    private static readonly ItemId Item = new(ATurn.Id, 0, 1);

    [Fact]
    public void Of_WholeTurn_IsInTheDialectsOrder()
    {
        var queued = ATurn.Ended(TurnStatus.Completed, "a") with { WasQueued = true };

        var events = ATurn.Stream(queued, ATurn.Said(0, 3, "Hel", "lo")).Select(e => EventShape.Of(Key, e)!).ToList();

        Assert.Equal(
            [
                "response.created", "response.queued", "response.in_progress", "response.output_item.added", "response.content_part.added",
                "response.output_text.delta", "response.output_text.delta", "response.output_text.done", "response.content_part.done",
                "response.output_item.done", "response.completed",
            ],
            events.Select(e => e.Type));
        Assert.Equal(Enumerable.Range(0, 11), events.Select(e => e.SequenceNumber!.Value));
        Assert.Equal("queued", events[0].Response!.Status);
    }

    [Fact]
    public void Write_TextDelta_IsOneFrame() => Assert.Equal(
        """
        event: response.output_text.delta
        data: {"type":"response.output_text.delta","sequence_number":5,"item_id":"msg_ABEiM0RVZneImaq7zN3u_wAAAAAAAQ","output_index":0,"content_index":0,"delta":"Hé\n","logprobs":[]}


        """,
        Frame(new Delta(5, 0, Item, DeltaKind.Text, "Hé\n")));

    [Theory]
    [InlineData(DeltaKind.Text, """{"type":"response.output_text.done","sequence_number":5,"item_id":"msg_ABEiM0RVZneImaq7zN3u_wAAAAAAAQ","output_index":0,"content_index":0,"text":"x","logprobs":[]}""")]
    [InlineData(DeltaKind.Refusal, """{"type":"response.refusal.done","sequence_number":5,"item_id":"msg_ABEiM0RVZneImaq7zN3u_wAAAAAAAQ","output_index":0,"content_index":0,"refusal":"x"}""")]
    [InlineData(DeltaKind.Arguments, """{"type":"response.function_call_arguments.done","sequence_number":5,"item_id":"fc_ABEiM0RVZneImaq7zN3u_wAAAAAAAQ","output_index":0,"name":"f","arguments":"x"}""")]
    [InlineData(DeltaKind.ReasoningSummary, """{"type":"response.reasoning_summary_text.done","sequence_number":5,"item_id":"rs_ABEiM0RVZneImaq7zN3u_wAAAAAAAQ","output_index":0,"summary_index":0,"text":"x"}""")]
    public void Of_TextDone_HasTheMembersOfItsKind(DeltaKind kind, string json) =>
        Assert.Equal(json, Data(new TextDone(5, 0, Item, kind, "x", "f")));

    [Theory]
    [InlineData(DeltaKind.Text, "response.content_part.added", """{"type":"output_text","text":"","annotations":[],"logprobs":[]}""")]
    [InlineData(DeltaKind.Refusal, "response.content_part.added", """{"type":"refusal","refusal":""}""")]
    [InlineData(DeltaKind.ReasoningSummary, "response.reasoning_summary_part.added", """{"type":"summary_text","text":""}""")]
    public void Of_PartAdded_HasThePartOfItsKind(DeltaKind kind, string type, string part)
    {
        var json = JsonElement.Parse(Data(new PartAdded(5, 0, Item, kind)));

        Assert.Equal(type, json.GetProperty("type").GetString());
        Assert.Equal(part, json.GetProperty("part").GetRawText());
    }

    [Fact]
    public void Of_ItemAdded_IsInProgress() => Assert.Equal(
        """{"type":"response.output_item.added","sequence_number":5,"output_index":2,"item":{"type":"function_call","status":"in_progress","call_id":"c","name":"f","arguments":"","id":"fc_ABEiM0RVZneImaq7zN3u_wAAAAAAAQ"}}""",
        Data(new ItemAdded(5, 2, Item, new FunctionCall("c", "f", ""))));

    [Fact]
    public void Of_ApprovalRequest_IsAddedAndDone()
    {
        var asked = new Item(1, Item, ItemStatus.Completed, new ApprovalRequest("c", "launch", "{}"), new Emission(5, DeltaLengths.None));

        Assert.Equal(
            [
                """{"type":"response.output_item.added","sequence_number":5,"output_index":0,"item":{"type":"conversations:approval_request","status":"in_progress","call_id":"c","name":"launch","arguments":"{}","id":"apr_ABEiM0RVZneImaq7zN3u_wAAAAAAAQ"}}""",
                """{"type":"response.output_item.done","sequence_number":6,"output_index":0,"item":{"type":"conversations:approval_request","status":"completed","call_id":"c","name":"launch","arguments":"{}","id":"apr_ABEiM0RVZneImaq7zN3u_wAAAAAAAQ"}}""",
            ],
            new ItemEvents(0, Item).Whole(5, asked).Select(Data));
    }

    [Fact]
    public void Of_AttemptStarted_NamesTheSilo() => Assert.Equal(
        """{"type":"conversations:attempt","sequence_number":1000000,"attempt":1,"silo":"b"}""", Data(new AttemptStarted(TurnEvent.AttemptStride, "b")));

    [Theory]
    [InlineData(TurnStatus.Completed, "response.completed")]
    [InlineData(TurnStatus.Incomplete, "response.incomplete")]
    [InlineData(TurnStatus.Failed, "response.failed")]
    [InlineData(TurnStatus.Cancelled, "response.incomplete")]
    public void Of_TurnEnded_IsItsEnd(TurnStatus status, string type) =>
        Assert.Equal(type, EventShape.Of(Key, new TurnEnded(9, ATurn.Ended(status, "a"), []))!.Type);

    [Fact]
    public void Of_ErasedItem_ShowsNothing() =>
        Assert.Null(EventShape.Of(Key, new ItemDone(5, 0, Item, ATurn.Said(0, 2, "x") with { Body = null })));

    [Fact]
    public void Error_AnyError_HasBothShapes()
    {
        using var frame = new EventFrame();

        Assert.Equal(
            """
            event: error
            data: {"type":"error","sequence_number":7,"code":"c","message":"m","param":null,"error":{"message":"m","type":"invalid_request_error","param":null,"code":"c"}}


            """,
            Encoding.UTF8.GetString(frame.Write(EventShape.Error(7, new DialectError(400, "c", "m")))));
    }

    private static string Frame(TurnEvent shown)
    {
        using var frame = new EventFrame();
        return Encoding.UTF8.GetString(frame.Write(EventShape.Of(Key, shown)!));
    }

    private static string Data(TurnEvent shown) => Frame(shown).Split('\n')[1]["data: ".Length..];
}
