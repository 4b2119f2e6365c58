using System.Collections.Immutable;
using Conversations.Client.Grpc;
using Conversations.Client.OpenAI.Shapes;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using V1 = Conversations.Client.Grpc.V1;

namespace Conversations.Unit.Tests.Client.Grpc;

public sealed class GrpcTurnsTests
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/user-42");

    [Fact]
    public void Write_Turn_KeepsEverything()
    {
        var written = GrpcTurns.Write(Key, Samples.Turn);

        Assert.Equal("0198c0de000070008000000000000001", written.Id);
        Assert.Equal((7, 40, 1, 2), (written.Order, written.FirstSeq, written.InputCount, written.ItemCount));
        Assert.Equal(Samples.Turn.CreatedAt, written.CreatedAt.ToDateTimeOffset());
        Assert.Equal(Samples.Turn.EndedAt, written.EndedAt.ToDateTimeOffset());
        Assert.Equal(Samples.Turn.DueAt, written.DueAt.ToDateTimeOffset());
        Assert.Equal(["silo-1", "silo-2"], written.Attempts.Select(a => a.Silo));
        Assert.Equal([true, false], written.Attempts.Select(a => a.HandedOver));
        Assert.Equal(new V1.Usage { InputTokens = 11, OutputTokens = 12, CachedTokens = 13, ReasoningTokens = 14 }, written.Usage);
        Assert.Equal(new V1.TurnError { Code = "model_error", Message = "The model's provider failed." }, written.Error);
        Assert.Equal(("superseded", new string('f', 32)), (written.Reason, written.MergedInto));
        Assert.Equal(("user-42", true, null), (written.SessionId, written.Options.Store, written.Previous));
        Assert.True(written.CallsModel && written.Superseded && written.Parked);
    }

    [Fact]
    public void Write_TurnThatWentOnFromAResponse_NamesThatTurn()
    {
        var options = Samples.Turn.Options with { PreviousResponseId = new ResponseId("other", Samples.TurnId).ToString() };

        Assert.Equal(new V1.TurnName { SessionId = "other", TurnId = Samples.TurnId.ToString() }, GrpcTurns.Write(Key, Samples.Turn with { Options = options }).Previous);
    }

    [Fact]
    public void Write_FreshTurn_LeavesOutWhatIsNotKnown()
    {
        var written = GrpcTurns.Write(Key, new Turn
        {
            Id = Samples.TurnId,
            Order = 0,
            Status = TurnStatus.Queued,
            Options = new TurnOptions(),
            CreatedAt = Samples.Turn.CreatedAt,
            InputCount = 1,
        });

        Assert.False(written.HasFirstSeq || written.Options.HasTemperature || written.Options.HasUser);
        Assert.Null(written.EndedAt);
        Assert.Null(written.Usage);
        Assert.Null(written.Error);
        Assert.Empty(written.MergedInto);
    }

    [Fact]
    public void Write_EveryStatus_HasTheWiresNameOfIt()
    {
        foreach (var status in Enum.GetValues<TurnStatus>())
        {
            Assert.Equal(status.ToString(), GrpcTurns.Write(Key, Samples.Turn with { Status = status }).Status.ToString());
        }
    }

    [Fact]
    public void Write_Session_KeepsEverything()
    {
        var written = GrpcTurns.Write(new Session
        {
            Id = "user-42",
            CreatedAt = Samples.Turn.CreatedAt,
            Metadata = ImmutableSortedDictionary<string, string>.Empty.Add("topic", "cats"),
            ItemCount = 3,
            Silo = "silo-1",
        });

        Assert.Equal(("user-42", 3, "silo-1"), (written.Id, written.ItemCount, written.Silo));
        Assert.Equal(Samples.Turn.CreatedAt, written.CreatedAt.ToDateTimeOffset());
        Assert.Equal("cats", written.Metadata["topic"]);
    }

    [Fact]
    public void Write_JournaledTurn_KeepsInputAndOutputApart()
    {
        var written = GrpcTurns.Write(Key, new JournaledTurn(
            Samples.Turn,
            [Samples.Input(new Message(Role.User, [new InputText("Hi")]))],
            [Samples.Output(new Message(Role.Assistant, [new OutputText("Hello")]))],
            "silo-1"));

        Assert.False(Assert.Single(written.Input).IsOutput);
        Assert.True(Assert.Single(written.Output).IsOutput);
    }
}
