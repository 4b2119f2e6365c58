using Conversations.Checker;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Tests.Checker;

/// <summary>The judge finds nothing where nothing is wrong, and each kind of cheating by the rule that is there for it.</summary>
public sealed class JudgeTests
{
    private static readonly Dictionary<string, (string Rule, Action<HonestRun> Tamper)> Cheats = new()
    {
        ["an acknowledged message dropped"] = ("NothingAcknowledgedIsLost", run => run.StoreAsIfRight(run.First.Items.Where(item => item.Item.Text != "red one hello"))),
        ["an appended item dropped"] = ("NothingAcknowledgedIsLost", run => run.StoreAsIfRight(run.First.Items.Where(item => item.Item.Text != "red one by the way"))),
        ["an answer dropped"] = ("NothingAcknowledgedIsLost", run => run.StoreAsIfRight(run.First.Items.Where(item => item.Item.Text?.StartsWith("a1 ", StringComparison.Ordinal) != true))),
        ["another answer stored than given"] = ("NothingAcknowledgedIsLost", run => run.Said("hello").Answer = "a1 about something else"),
        ["a whole session dropped"] = ("NothingAcknowledgedIsLost", run => run.Sessions.RemoveAt(1)),
        ["a message there twice"] = ("NothingIsThereTwice", run => run.StoreAsIfRight(run.First.Items.Append(run.First.Items[0]))),
        ["a turn there twice"] = ("NothingIsThereTwice", run => run.StoreAsIfRight([.. run.First.Items, .. run.First.Items.Take(2)])),
        ["a refused message stored"] = ("NothingRefusedIsThere", run => run.StoreAsIfRight(run.First.Items.Append(Said(run, "red one too late")))),
        ["a refused message read"] = ("NothingRefusedIsThere", run => run.EarlyRead.Items = [.. run.EarlyRead.Items, Said(run, "red one too late").Item]),
        ["a refused message handed to a model as history"] = ("NothingRefusedIsThere", run => run.Calls.Add(new ModelCall("a99", "", [Said(run, "red one too late").Item, run.First.Items[1].Item, run.First.Items[0].Item]))),
        ["a refused message answered"] = ("NothingRefusedIsThere", run => Hand(run, 0, _ => [Said(run, "red one too late").Item])),
        ["a message read and then gone"] = ("SeenOnceSeenEver", run => run.LastRead.Items = [.. run.LastRead.Items.Skip(1)]),
        ["an unknown message read and then gone"] = ("SeenOnceSeenEver", run =>
        {
            run.Operations.Add(new Say { Tenant = "red", Session = "one", Via = "gateway-1", Began = 1, Text = "red one who knows" });
            run.EarlyRead.Items = [.. run.EarlyRead.Items, Said(run, "red one who knows").Item];
        }
        ),
        ["an erased message that comes back"] = ("ErasedStaysErased", run => run.Operations.Add(new Delete
        {
            Tenant = "blue",
            Session = "one",
            Via = "gateway-1",
            Began = 1_000,
            Ended = 1_001,
            Outcome = Outcome.Ok,
        })),
        ["an erased item that is there after all"] = ("ErasedStaysErased", run => run.StoreAsIfRight(run.First.Items.Select(there => there.Item.IsBlank ? there with { Item = run.Erased.Item } : there))),
        ["an erased item that is read again"] = ("ErasedStaysErased", run => run.LastRead.Items = [.. run.LastRead.Items, run.Erased.Item]),
        ["an answer over what was erased before"] = ("ErasedStaysErased", run => Hand(run, run.Calls.FindIndex(call => call.Reply.EndsWith("after that", StringComparison.Ordinal)), messages => [.. messages, run.Erased.Item])),
        ["an item erased that nobody wished to be"] = ("NothingAcknowledgedIsLost", run => run.Operations.Remove(run.Erased)),
        ["an item erased whose erasure was refused"] = ("NothingAcknowledgedIsLost", run => run.Erased.Outcome = Outcome.Refused),
        ["an erased item whose place is gone, too"] = ("StoredInOneSequence", run => run.Store(run.First.Items.Where(there => !there.Item.IsBlank))),
        ["a reading without what was erased only later"] = ("ReadsSeeWhatWasAcknowledged", run => run.Before(run.Erased).Items = [.. run.Before(run.Erased).Items.Where(item => item != run.Erased.Item)]),
        ["a verdict that was dropped"] = ("NothingAcknowledgedIsLost", run => run.StoreAsIfRight(run.First.Items.Where(there => !there.Item.IsVerdict))),
        ["another verdict stored than given"] = ("NothingAcknowledgedIsLost", run => run.StoreAsIfRight(run.First.Items.Select(there => there.Item.IsVerdict ? there with { Item = there.Item with { Text = "no" } } : there))),
        ["a verdict there twice"] = ("NothingIsThereTwice", run => run.StoreAsIfRight(run.First.Items.SelectMany(there => Enumerable.Repeat(there, there.Item.IsVerdict ? 2 : 1)))),
        ["a request asked twice"] = ("NothingIsThereTwice", run => run.StoreAsIfRight(run.First.Items.SelectMany(there => Enumerable.Repeat(there, there.Item.IsRequest ? 2 : 1)))),
        ["an effect that nobody approved"] = ("NothingRunsUnapproved", run => run.Operations.Remove(run.Resolved)),
        ["an effect whose approval was refused"] = ("NothingRunsUnapproved", run => run.Resolved.Outcome = Outcome.Refused),
        ["an effect that somebody forbade"] = ("NothingRunsUnapproved", run => run.Operations[run.Operations.IndexOf(run.Resolved)] = run.Resolved with { Approve = false }),
        ["an effect that one approved and another had forbidden"] = ("NothingRunsUnapproved", run =>
        {
            run.Operations.Add(run.Resolved with { Approve = false });
            run.Operations.OfType<Resolve>().First().Outcome = Outcome.Unknown;
        }
        ),
        ["a last reading that got no answer"] = ("EveryTurnEnds", run => run.LastRead.Outcome = Outcome.Unknown),
        ["an answered turn that still waits"] = ("EveryTurnEnds", run => run.Sessions[0] = run.First with
        {
            Turns = [.. run.First.Turns.Select(turn => turn.Turn == run.First.Items.Single(there => there.Item.IsRequest).Turn ? turn with { Status = 1, IsParked = true } : turn)],
        }),
        ["a gap in the numbers"] = ("StoredInOneSequence", run => run.Store(run.First.Items.Select(item => item.Seq > 3 ? item with { Seq = item.Seq + 1 } : item))),
        ["two turns interleaved"] = ("StoredInOneSequence", run => run.Store(Swapped(run.First.Items, 1, 2).Select((item, seq) => item with { Seq = seq }))),
        ["a head that counts wrong"] = ("StoredInOneSequence", run => run.Sessions[0] = run.First with { ItemCount = run.First.ItemCount + 1 }),
        ["a reading in another order"] = ("ReadsArePrefixes", run => run.EarlyRead.Items = [.. run.EarlyRead.Items.Reverse()]),
        ["a reading with a hole"] = ("ReadsArePrefixes", run => run.EarlyRead.Items = [.. run.EarlyRead.Items.Where((_, index) => index != 1)]),
        ["a reading with altered text"] = ("ReadsArePrefixes", run => run.EarlyRead.Items = [.. run.EarlyRead.Items.Select(item => item.IsAnswer ? item with { Text = item.Text + "!" } : item)]),
        ["a last reading that is short"] = ("ReadsArePrefixes", run => run.LastRead.Items = [.. run.LastRead.Items.SkipLast(1)]),
        ["a gateway that lags behind"] = ("ReadsSeeWhatWasAcknowledged", run => run.EarlyRead.Items = [.. run.EarlyRead.Items.Take(2)]),
        ["two turns swapped"] = ("OrderIsThatOfTheCallers", run => run.StoreAsIfRight([.. run.First.Items.Skip(2).Take(4), .. run.First.Items.Take(2), .. run.First.Items.Skip(6)])),
        ["an answer over a stale prefix"] = ("AnswersKnowTheirPrefix", run => Hand(run, 3, messages => [.. messages.Skip(2)])),
        ["an answer over the newest items only"] = ("AnswersKnowTheirPrefix", run => Hand(run, 3, messages => [messages[^1]])),
        ["an answer over another's words"] = ("AnswersKnowTheirPrefix", run => Hand(run, 3, messages => [new Item("message", "user", "blue one good day", null), .. messages.Skip(1)])),
        ["an answer over another result"] = ("AnswersKnowTheirPrefix", run => Hand(run, 2, messages => [.. messages.Select(m => m.Type == "function_call_output" ? m with { Text = "charged 2" } : m)])),
        ["an answer that nobody gave"] = ("AnswersKnowTheirPrefix", run => run.Calls.RemoveAt(0)),
        ["an answer that was altered"] = ("AnswersKnowTheirPrefix", run => run.Calls[0] = run.Calls[0] with { Reply = "a1 about" }),
        ["a stream with a gap"] = ("StreamsAreWhole", run => Watch(run, events => [.. events.Where((_, index) => index != 4)])),
        ["a stream with an event twice"] = ("StreamsAreWhole", run => Watch(run, events => [.. events.Take(5), events[4], .. events.Skip(5)])),
        ["a stream with two ends"] = ("StreamsAreWhole", run => Watch(run, events => [.. events, events[^1] with { Number = events[^1].Number + 1 }])),
        ["a stream without its end"] = ("StreamsAreWhole", run => Watch(run, events => [.. events.SkipLast(1)])),
        ["a stream with other words"] = ("StreamsAreWhole", run => Watch(run, events => [.. events.Select(e => e.Type.EndsWith("delta", StringComparison.Ordinal) ? e with { Text = e.Text + "?" } : e)])),
        ["a resumed stream that repeats"] = ("StreamsAreWhole", run => run.Said("streamed").Streams.Add(run.Said("streamed").Streams[0] with { After = 3 })),
        ["an item shown as completed and not kept"] = ("StreamsAreWhole", run => Watch(run, events =>
            [.. events.Select(e => e.Type is "response.output_text.delta" or "response.output_item.done" ? e with { Text = e.Text?.Replace("about", "around", StringComparison.Ordinal) } : e)])),
        ["an effect twice"] = ("EffectsHappenOnce", run => run.Effects.Add(run.Effects[0])),
        ["an effect of no call"] = ("EffectsHappenOnce", run => run.Effects.Add(new ToolEffect("charge", "call_99"))),
        ["another tenant's message stored"] = ("TenantsAreApart", run => run.StoreAsIfRight(run.First.Items.Append(Said(run, "blue one good day")))),
        ["another tenant's message read"] = ("TenantsAreApart", run => run.EarlyRead.Items = [.. run.EarlyRead.Items, Said(run, "blue one good day").Item]),
        ["two tenants' words handed to a model"] = ("TenantsAreApart", run => run.Calls.Add(new ModelCall("a99", "", [Said(run, "red one hello").Item, Said(run, "blue one good day").Item]))),
        ["a turn that never ends"] = ("EveryTurnEnds", run => run.Sessions[0] = run.First with { Turns = [.. run.First.Turns.SkipLast(1), run.First.Turns[^1] with { Status = 1 }] }),
        ["an accepted turn without an end"] = ("EveryTurnEnds", run => run.Said("hello").FinalStatus = "in_progress"),
        ["an end that changes"] = ("EveryTurnEnds", run => run.Said("hello").FinalStatus = "cancelled"),
        ["a session that takes no turn any more"] = ("EveryTurnEnds", run => run.Said("and the end").Status = "failed"),
        ["a call handed over without its result"] = ("PromptsAreValid", run => Hand(run, 2, messages => [.. messages.Where(m => m.Type != "function_call_output")])),
        ["a result handed over without its call"] = ("PromptsAreValid", run => Hand(run, 2, messages => [.. messages.Where(m => m.Type != "function_call")])),
    };

    public static TheoryData<string> Names => [.. Cheats.Keys];

    [Fact]
    public void Violations_OfAnHonestRun_AreNone() => Assert.Empty(Judge.Violations(new HonestRun().File));

    [Theory]
    [MemberData(nameof(Names))]
    public void Violations_OfACheat_NameItsRule(string cheat)
    {
        var (rule, tamper) = Cheats[cheat];
        var run = new HonestRun();
        tamper(run);
        Assert.Contains(Judge.Violations(run.File), violation => violation.Rule == rule);
    }

    [Fact]
    public void Violations_OfAnUnknownMessage_AreNoneWhetherItIsThereOrNot()
    {
        var run = new HonestRun();
        run.Operations.Add(new Say { Tenant = "red", Session = "one", Via = "gateway-1", Began = 1, Text = "red one who knows" });
        Assert.Empty(Judge.Violations(run.File));
        var said = run.First.Items[^2].Item.Text!;
        var known = run.Operations.OfType<Say>().Single(say => say.Text == said);
        (known.Outcome, known.Accepted, known.Status) = (Outcome.Unknown, null, null);
        run.Operations[run.Operations.IndexOf(known)] = known with { IsProbe = false };
        Assert.Empty(Judge.Violations(run.File));
    }

    [Fact]
    public void Violations_OfATurnThatNobodyAnswers_AreNone()
    {
        var run = new HonestRun();
        var turn = run.First.Items.Single(there => there.Item.IsRequest).Turn;
        run.Operations.Remove(run.Resolved);
        run.Effects.RemoveAll(effect => effect.NeedsApproval);
        run.Sessions[0] = run.First with { Turns = [.. run.First.Turns.Select(each => each.Turn == turn ? each with { Status = 1, IsParked = true } : each)] };
        Assert.Empty(Judge.Violations(run.File));
    }

    [Fact]
    public void Violations_OfAnAnswerWithoutWhatAnsweredErasedWords_AreNone()
    {
        var run = new HonestRun();
        var (first, probe) = (run.First.Items[0].Item, run.Said("and the end"));
        run.Operations.Add(run.Erased with { Item = first, Began = run.Erased.Began + 1, Ended = run.Erased.Ended + 1 });
        run.Store(run.First.Items.Select((there, place) => place == 0 ? there with { Item = new Item("message", null, null, null) } : there));
        run.LastRead.Items = [.. run.LastRead.Items.Skip(1)];
        Assert.Contains(Judge.Violations(run.File), violation => violation.Rule == "ErasedStaysErased");
        foreach (var call in run.Calls.Where(call => call.Reply == probe.Answer || call.Reply == run.Said("after that").Answer).ToList())
            Hand(run, run.Calls.IndexOf(call), messages => [.. messages.Skip(2)]);
        Assert.Empty(Judge.Violations(run.File));
    }

    [Theory]
    [InlineData("response.output_item.done")]
    [InlineData("")]
    public void Violations_OfAStreamThatGoesOnAfterItsItemWasErased_AreNone(string shown)
    {
        var run = new HonestRun();
        var say = run.Operations.OfType<Say>().First(say => say.Streams.Count > 0);
        var whole = say.Streams[0];
        say.Streams[0] = whole with
        {
            Events = [.. whole.Events.Where(e => e.Item is null || e.Type == shown).Select(e => e with { Text = null })],
        };
        Assert.Contains(Judge.Violations(run.File), violation => violation.Rule == "StreamsAreWhole");
        run.Store(run.First.Items.Select(there => there.Item.Text == say.Answer ? there with { Item = new Item("message", null, null, null) } : there));
        Assert.DoesNotContain(Judge.Violations(run.File), violation => violation.Rule == "StreamsAreWhole");
    }

    [Theory]
    [InlineData("red one too late")]
    [InlineData("red one too late", "red one hello")]
    public void Violations_OfARefusedMessageInACallThatCameToNothing_AreNone(params string[] handed)
    {
        var run = new HonestRun();
        run.Calls.Add(new ModelCall("a99", "a99 about too late", [.. handed.Select(text => Said(run, text).Item)]));
        Assert.Empty(Judge.Violations(run.File));
    }

    [Fact]
    public void Violations_OfATurnThatWasCancelledByTheNameOfWhatWasMergedIntoIt_AreNone()
    {
        var run = new HonestRun();
        var waiting = new Say
        {
            Tenant = "red",
            Session = "one",
            Via = "grpc gateway-1",
            Began = 1,
            Text = "red one waiting",
            Outcome = Outcome.Ok,
            Accepted = 2,
            Response = "0f",
            Status = "cancelled",
            FinalStatus = "cancelled",
            Ended = 9,
        };
        run.Operations.Add(waiting);
        run.Operations.Add(waiting with { Via = "gateway-1", Began = 3, Text = "red one merged", Policy = "debounce", Accepted = 4, Response = "resp_0f" });
        Assert.Contains(Judge.Violations(run.File), violation => violation.Rule == "NothingAcknowledgedIsLost");
        run.Operations.Add(new Cancel { Tenant = "red", Session = "one", Via = "gateway-1", Began = 5, Ended = 6, Response = "resp_0f", Outcome = Outcome.Ok });
        Assert.Empty(Judge.Violations(run.File));
    }

    [Fact]
    public void Violations_OfAnErasureOfUnknownOutcome_AreNoneWhetherItHappenedOrNot()
    {
        var run = new HonestRun();
        run.Erased.Outcome = Outcome.Unknown;
        run.Operations.Add(run.Erased with { Item = run.First.Items[0].Item });
        Assert.Empty(Judge.Violations(run.File));
    }

    private static StoredItem Said(HonestRun run, string text) => new(0, run.First.Turns[^1].Turn, 0, new Item("message", "user", text, null));

    private static List<StoredItem> Swapped(IReadOnlyList<StoredItem> items, int left, int right)
    {
        var all = items.ToList();
        (all[left], all[right]) = (all[right], all[left]);
        return all;
    }

    private static void Hand(HonestRun run, int call, Func<IReadOnlyList<Item>, IReadOnlyList<Item>> change) =>
        run.Calls[call] = run.Calls[call] with { Messages = change(run.Calls[call].Messages) };

    private static void Watch(HonestRun run, Func<IReadOnlyList<WatchedEvent>, IReadOnlyList<WatchedEvent>> change)
    {
        var streams = run.Said("streamed").Streams;
        streams[0] = streams[0] with { Events = change(streams[0].Events) };
    }
}
