using Conversations.Client.Grpc;
using Conversations.History;
using Conversations.Turns;
using V1 = Conversations.Client.Grpc.V1;

namespace Conversations.Unit.Tests.Client.Grpc;

public sealed class GrpcItemsTests
{
    [Fact]
    public void Samples_OfBodiesAndParts_AreOfEveryKind()
    {
        Assert.Equal(Samples.KindsOf<ItemBody>().ToHashSet(), Samples.Bodies.Select(b => b.GetType()).ToHashSet());
        var parts = Samples.Bodies.OfType<Message>().SelectMany(m => m.Content).Select(p => p.GetType());
        Assert.Equal(Samples.KindsOf<ContentPart>().ToHashSet(), parts.ToHashSet());
    }

    [Fact]
    public void Write_EveryKindOfBody_HasItsOwnCase()
    {
        foreach (var body in Samples.Bodies)
        {
            var written = GrpcItems.Write(Samples.Input(body));

            Assert.Equal(body.GetType().Name, written.BodyCase.ToString());
            Assert.StartsWith(body.IdPrefix, written.Id, StringComparison.Ordinal);
            Assert.True(ItemId.TryParse(written.Id, out var id));
            Assert.Equal(Samples.Name(0), id);
        }
    }

    [Fact]
    public void Read_OfWhatWasWritten_IsTheSame()
    {
        foreach (var body in Samples.Bodies.Where(b => b is not (Compaction or ApprovalRequest or ApprovalResponse)))
        {
            var written = Parsed(GrpcItems.Write(Samples.Input(body)));

            var read = Assert.Single(GrpcInput.Read([AsInput(written)], "input"));

            Assert.Equal(written, GrpcItems.Write(Samples.Input(read)));
        }
    }

    [Fact]
    public void Write_Compaction_KeepsItsSummary() =>
        Assert.Equal("They said hello.", GrpcItems.Write(Samples.Input(new Compaction("They said hello."))).Compaction.Summary);

    [Fact]
    public void Write_Approvals_KeepWhatTheySay()
    {
        var asked = GrpcItems.Write(Samples.Output(new ApprovalRequest("c", "launch", "{}"))).ApprovalRequest;
        var yes = GrpcItems.Write(Samples.Output(new ApprovalResponse("c", true))).ApprovalResponse;
        var no = GrpcItems.Write(Samples.Output(new ApprovalResponse("c", false, "Too windy."))).ApprovalResponse;

        Assert.Equal(("c", "launch", "{}"), (asked.CallId, asked.Name, asked.Arguments));
        Assert.Equal(("c", true, false), (yes.CallId, yes.Approve, yes.HasReason));
        Assert.Equal(("c", false, "Too windy."), (no.CallId, no.Approve, no.Reason));
    }

    [Fact]
    public void Write_ErasedItem_HasNameButNoBody()
    {
        var written = GrpcItems.Write(new Item(4, Samples.Name(0), ItemStatus.Completed, null));

        Assert.Equal(V1.Item.BodyOneofCase.None, written.BodyCase);
        Assert.Equal(4, written.Seq);
        Assert.True(ItemId.TryParse(written.Id, out var id));
        Assert.Equal(Samples.Name(0), id);
    }

    [Fact]
    public void Write_InputOfWaitingTurn_HasNoSeq() => Assert.False(GrpcItems.Write(Samples.Input(new Compaction(""), seq: -1)).HasSeq);

    [Theory]
    [InlineData(ItemStatus.Completed, V1.ItemStatus.Completed)]
    [InlineData(ItemStatus.Incomplete, V1.ItemStatus.Incomplete)]
    public void Write_Status_IsTheWires(ItemStatus status, V1.ItemStatus expected) =>
        Assert.Equal(expected, GrpcItems.Write(Samples.Input(new Compaction("")) with { Status = status }).Status);

    [Theory]
    [InlineData(DeltaKind.Text)]
    [InlineData(DeltaKind.Refusal)]
    [InlineData(DeltaKind.Arguments)]
    [InlineData(DeltaKind.ReasoningSummary)]
    public void WriteId_OfDelta_IsTheIdOfItsItem(DeltaKind kind)
    {
        ItemBody body = kind switch
        {
            DeltaKind.Arguments => new FunctionCall("c", "f", ""),
            DeltaKind.ReasoningSummary => new Reasoning([]),
            _ => new Message(Role.Assistant, []),
        };

        Assert.Equal(GrpcItems.WriteBegun(Samples.Name(3), body).Id, GrpcItems.WriteId(Samples.Name(3), kind));
    }

    private static V1.Item Parsed(V1.Item item) => V1.Item.Parser.ParseFrom(Google.Protobuf.MessageExtensions.ToByteArray(item));

    private static V1.InputItem AsInput(V1.Item item) => item.BodyCase switch
    {
        V1.Item.BodyOneofCase.Message => new() { Message = item.Message },
        V1.Item.BodyOneofCase.FunctionCall => new() { FunctionCall = item.FunctionCall },
        V1.Item.BodyOneofCase.FunctionCallOutput => new() { FunctionCallOutput = item.FunctionCallOutput },
        _ => new() { Reasoning = item.Reasoning },
    };
}
