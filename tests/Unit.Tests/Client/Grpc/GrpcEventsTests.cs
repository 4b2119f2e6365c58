using Conversations.Client.Grpc;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using Google.Protobuf;
using V1 = Conversations.Client.Grpc.V1;

namespace Conversations.Unit.Tests.Client.Grpc;

public sealed class GrpcEventsTests
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/user-42");

    [Fact]
    public void Samples_OfEvents_AreOfEveryKind() =>
        Assert.Equal(Samples.KindsOf<TurnEvent>().ToHashSet(), Samples.Events.Select(e => e.GetType()).ToHashSet());

    [Fact]
    public void Write_EveryKindOfEvent_HasItsOwnCaseUnderTheSameNumber()
    {
        var events = new GrpcEvents(Key, []);
        foreach (var e in Samples.Events)
        {
            var written = V1.Event.Parser.ParseFrom(events.Write(e).ToByteArray());

            Assert.Equal(e.GetType().Name, NameOf(written.KindCase));
            Assert.Equal(e.Number, written.Number);
            Assert.Equal(e.Attempt, written.Attempt);
        }

        Assert.Equal(Samples.KindsOf<TurnEvent>().Count(), Enum.GetValues<V1.Event.KindOneofCase>().Length - 1);
    }

    [Fact]
    public void Write_EveryKindOfEvent_KeepsWhatItSays()
    {
        var events = new GrpcEvents(Key, []);
        var written = Samples.Events.Select(events.Write).ToDictionary(e => e.KindCase);
        var message = GrpcItems.WriteId(Samples.Name(1), DeltaKind.Text);
        var output = GrpcItems.Write(Samples.Output(new FunctionCall("call_1", "weather", "{}")));

        Assert.Equal(GrpcTurns.Write(Key, Samples.Turn), written[V1.Event.KindOneofCase.Accepted].Accepted.Turn);
        Assert.Equal(GrpcTurns.Write(Key, Samples.Turn), written[V1.Event.KindOneofCase.Queued].Queued.Turn);
        Assert.Equal(GrpcTurns.Write(Key, Samples.Turn), written[V1.Event.KindOneofCase.Started].Started.Turn);
        Assert.Equal("silo-2", written[V1.Event.KindOneofCase.AttemptStarted].AttemptStarted.Silo);
        var added = written[V1.Event.KindOneofCase.ItemAdded].ItemAdded.Item;
        Assert.Equal((message, V1.ItemStatus.InProgress, true, false), (added.Id, added.Status, added.IsOutput, added.HasSeq));
        Assert.Equal(
            new V1.PartAdded { ItemId = message, Kind = V1.DeltaKind.Text }, written[V1.Event.KindOneofCase.PartAdded].PartAdded);
        Assert.Equal(
            new V1.Delta { ItemId = message, Kind = V1.DeltaKind.Text, Text = "Hel" }, written[V1.Event.KindOneofCase.Delta].Delta);
        Assert.Equal(
            new V1.TextDone { OutputIndex = 1, ItemId = $"fc_{Samples.Name(2, 1)}", Kind = V1.DeltaKind.Arguments, Text = "{}", Name = "weather" },
            written[V1.Event.KindOneofCase.TextDone].TextDone);
        Assert.Equal(
            new V1.PartDone { OutputIndex = 1, ItemId = $"rs_{Samples.Name(3, 1)}", Kind = V1.DeltaKind.ReasoningSummary, Text = "Hm" },
            written[V1.Event.KindOneofCase.PartDone].PartDone);
        Assert.Equal(new V1.ItemDone { OutputIndex = 1, Item = output }, written[V1.Event.KindOneofCase.ItemDone].ItemDone);
        Assert.Equal(GrpcTurns.Write(Key, Samples.Turn), written[V1.Event.KindOneofCase.Ended].Ended.Turn);
        Assert.Equal("Hello", Assert.Single(written[V1.Event.KindOneofCase.Ended].Ended.Output).Message.Content[0].OutputText.Text);
    }

    [Fact]
    public void Write_EventsOfTwoAttempts_NamesTheSiloOfEach()
    {
        var events = new GrpcEvents(Key, []);

        var silos = Samples.Events.Select(e => events.Write(e).Silo);

        Assert.Equal(["", "", "silo-1", "silo-1", "silo-1", "silo-1", "silo-2", "silo-2", "silo-2", "silo-2", "silo-2"], silos);
    }

    [Fact]
    public void Write_StreamResumedInTheMiddle_NamesTheSiloOfTheAttemptsThatWereKnown()
    {
        var events = new GrpcEvents(Key, Samples.Turn.Attempts);

        Assert.Equal("silo-1", events.Write(new Delta(9, 0, Samples.Name(1), DeltaKind.Text, "a")).Silo);
        Assert.Equal("silo-3", events.Write(new AttemptStarted(2 * TurnEvent.AttemptStride, "silo-3")).Silo);
        Assert.Equal("silo-3", events.Write(new Delta(2 * TurnEvent.AttemptStride + 1, 0, Samples.Name(1, 2), DeltaKind.Text, "a")).Silo);
    }

    [Fact]
    public void Write_ItemThatADeadSiloLeftOpen_IsOutputWithoutSeq()
    {
        var item = new Item(-1, Samples.Name(1), ItemStatus.Incomplete, new Message(Role.Assistant, [new OutputText("Hel")]));

        var written = new GrpcEvents(Key, []).Write(new ItemDone(9, 0, item.Id, item)).ItemDone.Item;

        Assert.Equal((true, false, V1.ItemStatus.Incomplete), (written.IsOutput, written.HasSeq, written.Status));
    }

    private static string NameOf(V1.Event.KindOneofCase kind) => kind switch
    {
        V1.Event.KindOneofCase.Accepted or V1.Event.KindOneofCase.Queued or V1.Event.KindOneofCase.Started or V1.Event.KindOneofCase.Ended =>
            $"Turn{kind}",
        _ => kind.ToString(),
    };
}
