using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Turns;
using Conversations.Unit.Tests.Interfaces;
using CsCheck;

namespace Conversations.Unit.Tests.Journal.Replay;

public sealed class TurnReplayTests
{
    [Fact]
    public void Events_Message_AreTheseInThisOrder() => Assert.Equal(
        [
            "0 TurnAccepted InProgress",
            "1 TurnStarted InProgress",
            "2 ItemAdded 0 Message ",
            "3 PartAdded 0 Text",
            "4 Delta 0 Text 'Hel'",
            "5 Delta 0 Text 'lo'",
            "6 TextDone 0 Text 'Hello' ",
            "7 PartDone 0 Text 'Hello'",
            "8 ItemDone 0 Message Hello",
            "9 TurnEnded Completed 1",
        ],
        Show(MadeUpTurn.Make(queued: false, TurnStatus.Completed, [Said.Text("Hel", "lo")])));

    [Fact]
    public void Events_Refusal_AreThoseOfAMessageOfAnotherKind() => Assert.Equal(
        [
            "2 ItemAdded 0 Message ",
            "3 PartAdded 0 Refusal",
            "4 Delta 0 Refusal 'No.'",
            "5 TextDone 0 Refusal 'No.' ",
            "6 PartDone 0 Refusal 'No.'",
            "7 ItemDone 0 Message No.",
        ],
        Show(MadeUpTurn.Make(queued: false, TurnStatus.InProgress, [Said.Declined("No.")])).Skip(2));

    [Fact]
    public void Events_ReasoningCallAndResult_AreTheseInThisOrder() => Assert.Equal(
        [
            "0 TurnAccepted Queued",
            "1 TurnQueued Queued",
            "2 TurnStarted InProgress",
            "3 ItemAdded 0 Reasoning ",
            "4 PartAdded 0 ReasoningSummary",
            "5 Delta 0 ReasoningSummary 'Hm'",
            "6 TextDone 0 ReasoningSummary 'Hm' ",
            "7 PartDone 0 ReasoningSummary 'Hm'",
            "8 ItemDone 0 Reasoning Hm",
            "9 ItemAdded 1 FunctionCall ",
            "10 Delta 1 Arguments '{'",
            "11 Delta 1 Arguments '}'",
            "12 TextDone 1 Arguments '{}' weather",
            "13 ItemDone 1 FunctionCall {}",
            "14 ItemAdded 2 FunctionCallOutput ",
            "15 ItemDone 2 FunctionCallOutput ",
            "16 ItemAdded 3 ApprovalRequest ",
            "17 ItemDone 3 ApprovalRequest ",
            "18 TurnEnded Incomplete 4",
        ],
        Show(MadeUpTurn.Make(queued: true, TurnStatus.Incomplete, [Said.Thought("Hm"), Said.Call("{", "}"), Said.Result("rain"), Said.Asked()])));

    [Fact]
    public void Events_SecondAndThirdAttempt_BeginAtTheirMillion() => Assert.Equal(
        [
            "0 TurnAccepted InProgress",
            "1 TurnStarted InProgress",
            "2 ItemAdded 0 FunctionCall ",
            "3 TextDone 0 Arguments '' weather",
            "4 ItemDone 0 FunctionCall ",
            "1000000 AttemptStarted silo-1",
            "2000000 AttemptStarted silo-2",
            "2000001 ItemAdded 1 FunctionCallOutput ",
            "2000002 ItemDone 1 FunctionCallOutput ",
            "2000003 TurnEnded Completed 2",
        ],
        Show(MadeUpTurn.Make(queued: false, TurnStatus.Completed, [Said.Call()], [], [Said.Result("rain")])));

    [Fact]
    public void Events_LastAttemptMadeNothing_EndsInIt() => Assert.Equal(
        ["1000000 AttemptStarted silo-1", "1000001 TurnEnded Failed 0"],
        Show(MadeUpTurn.Make(queued: false, TurnStatus.Failed, [], [])).Skip(2));

    [Fact]
    public void Events_CancelledInTheQueue_NeverStarted() => Assert.Equal(
        ["0 TurnAccepted Queued", "1 TurnQueued Queued", "2 TurnEnded Cancelled 0"],
        Show(MadeUpTurn.Make(queued: true, TurnStatus.Cancelled)));

    [Fact]
    public void Events_AnyTurn_AreNumberedWithoutGapsInsideAnAttemptUpToOneEnd() => MadeUpTurn.Any.Sample(made =>
    {
        var events = TurnReplay.Events(made.Turn, made.Output, after: -1).ToList();

        foreach (var attempt in events.GroupBy(e => e.Attempt))
        {
            var first = attempt.Key * TurnEvent.AttemptStride;
            Assert.Equal(Enumerable.Range(first, attempt.Count()), attempt.Select(e => e.Number));
            Assert.True(attempt.Key == 0 ? attempt.First() is TurnAccepted : attempt.First() is AttemptStarted);
        }

        Assert.Equal(Math.Max(1, made.Turn.Attempts.Length), events.Select(e => e.Attempt).Distinct().Count());
        Assert.Equal(events.TakeLast(made.Turn.Status.IsTerminal() ? 1 : 0), events.Where(e => e is TurnEnded));
    });

    [Fact]
    public void Events_AnyTurn_SayWhatItsItemsSay() => MadeUpTurn.Any.Sample(made =>
    {
        var events = TurnReplay.Events(made.Turn, made.Output, after: -1).ToList();

        Assert.Equal(made.Output, events.OfType<ItemDone>().Select(e => e.Item));
        for (var index = 0; index < made.Output.Length; index++)
        {
            var ofItem = events.OfType<ItemEvent>().Where(e => e.OutputIndex == index).ToList();
            var text = ItemEvents.TextOf(made.Output[index].Body!);
            Assert.All(ofItem, e => Assert.Equal(made.Output[index].Id, e.ItemId));
            Assert.Equal(made.Output[index].Emission!.FirstEvent, Assert.Single(ofItem.OfType<ItemAdded>()).Number);
            Assert.Equal(text, string.Concat(ofItem.OfType<Delta>().Select(e => e.Text)));
            Assert.All(ofItem.OfType<TextDone>(), e => Assert.Equal(text, e.Text));
            Assert.All(ofItem.OfType<PartDone>(), e => Assert.Equal(text, e.Text));
        }
    });

    [Fact]
    public void Events_AfterAnyNumber_AreExactlyTheGreaterOnes() =>
        Gen.Select(MadeUpTurn.Any, Gen.Int[0, 2], Gen.Int[-1, 40]).Sample((made, attempt, offset) =>
        {
            var after = attempt * TurnEvent.AttemptStride + offset;

            var resumed = TurnReplay.Events(made.Turn, made.Output, after).Select(AnyText.Json);

            Assert.Equal(TurnReplay.Events(made.Turn, made.Output, -1).Where(e => e.Number > after).Select(AnyText.Json), resumed);
        });

    // The live stream showed the beginning when the rest had not happened yet.
    [Fact]
    public void Beginning_OfAnEndedTurn_IsWhatItWasWhenItWasShown()
    {
        var ended = MadeUpTurn.Make(queued: true, TurnStatus.Failed, [Said.Text("Hi")], []).Turn with
        {
            Usage = new Usage(1, 2),
            Error = new TurnError("a", "b"),
            Reason = "c",
            Superseded = true,
            Parked = true,
        };
        var accepted = MadeUpTurn.Empty with { Status = TurnStatus.Queued, WasQueued = true };
        var started = accepted with
        {
            Status = TurnStatus.InProgress,
            FirstSeq = 40,
            ItemCount = 1,
            Attempts = [new Attempt("silo-0", MadeUpTurn.Start)],
        };

        Assert.Equal(
            new TurnEvent[] { new TurnAccepted(0, accepted), new TurnQueued(1, accepted), new TurnStarted(2, started) }.Select(AnyText.Json),
            TurnReplay.Beginning(ended).Select(AnyText.Json));
    }

    [Fact]
    public void Events_ErasedItem_IsDoneWithoutAnyOfItsText()
    {
        var made = MadeUpTurn.Make(queued: false, TurnStatus.Completed, [Said.Text("secret"), Said.Text("Hi")]);

        var events = TurnReplay.Events(made.Turn, Erase(made, 0).Output, after: -1).ToList();

        Assert.IsType<ItemDone>(Assert.Single(events.OfType<ItemEvent>(), e => e.OutputIndex == 0));
        Assert.DoesNotContain("secret", string.Concat(events.Select(AnyText.Json)), StringComparison.Ordinal);
        Assert.Equal(events.OrderBy(e => e.Number), events);
    }

    [Fact]
    public void Events_LastItemErasedWhileACallerReads_StillEnd()
    {
        var made = MadeUpTurn.Make(queued: false, TurnStatus.Completed, [Said.Text("a", "secret", "word")]);
        var seen = TurnReplay.Events(made.Turn, made.Output, after: -1).OfType<ItemDone>().Single().Number;

        Assert.IsType<TurnEnded>(Assert.Single(TurnReplay.Events(made.Turn, Erase(made, 0).Output, seen)));
    }

    // As the write function erases: the place stays, and the number of the event that said the item was done.
    private static MadeUpTurn Erase(MadeUpTurn made, int index) => made with
    {
        Output = made.Output.SetItem(
            index,
            made.Output[index] with { Body = null, Emission = new Emission(ItemEvents.DoneNumber(made.Output[index])!.Value, DeltaLengths.None) }),
    };

    private static IEnumerable<string> Show(MadeUpTurn made) => TurnReplay.Events(made.Turn, made.Output, after: -1).Select(Show);

    private static string Show(TurnEvent e) => $"{e.Number} {e.GetType().Name} " + e switch
    {
        TurnAccepted a => $"{a.Turn.Status}",
        TurnQueued a => $"{a.Turn.Status}",
        TurnStarted a => $"{a.Turn.Status}",
        AttemptStarted a => a.Silo,
        ItemAdded a => $"{a.OutputIndex} {a.Body.GetType().Name} {ItemEvents.TextOf(a.Body)}",
        PartAdded a => $"{a.OutputIndex} {a.Kind}",
        Delta a => $"{a.OutputIndex} {a.Kind} '{a.Text}'",
        TextDone a => $"{a.OutputIndex} {a.Kind} '{a.Text}' {a.Name}",
        PartDone a => $"{a.OutputIndex} {a.Kind} '{a.Text}'",
        ItemDone a => $"{a.OutputIndex} {a.Item.Body!.GetType().Name} {ItemEvents.TextOf(a.Item.Body)}",
        TurnEnded a => $"{a.Turn.Status} {a.Output.Length}",
        _ => throw new ArgumentOutOfRangeException(nameof(e), e, "An event of a kind unknown here."),
    };
}
