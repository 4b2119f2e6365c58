using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.Sessions;

public sealed class ShownStreamTests
{
    private const int Second = TurnEvent.AttemptStride;

    [Fact]
    public void Show_TurnOfOneAttempt_PassesAsItIs()
    {
        var stream = ATurn.Stream(ATurn.Ended(TurnStatus.Completed, "a"), ATurn.Said(0, 2, "Hel", "lo"));

        Assert.Equal(stream, ShowAll(new ShownStream(-1), stream));
    }

    [Fact]
    public void Show_EventTheCallerHas_Drops()
    {
        var stream = ATurn.Stream(ATurn.Ended(TurnStatus.Completed, "a"), ATurn.Said(0, 2, "Hel", "lo"));
        var shown = new ShownStream(4);

        Assert.Equal(stream.Skip(5), ShowAll(shown, [.. stream, .. stream]));
        Assert.True(shown.HasEnded);
    }

    [Fact]
    public void Show_AttemptStartsWhileAnItemIsOpen_ClosesTheItemFirst()
    {
        var live = ATurn.Stream(ATurn.Running("a"), ATurn.Said(0, 2, "Hel", "lo", "!")).Take(6).ToList();
        var shown = new ShownStream(-1);
        ShowAll(shown, live);

        var next = shown.Show(new AttemptStarted(Second, "b")).ToList();

        var text = Assert.IsType<TextDone>(next[0]);
        var part = Assert.IsType<PartDone>(next[1]);
        var done = Assert.IsType<ItemDone>(next[2]);
        Assert.Equal([6, 7, 8, Second], next.Select(e => e.Number));
        Assert.Equal(("Hello", "Hello"), (text.Text, part.Text));
        Assert.Equal(ItemStatus.Incomplete, done.Item.Status);
        Assert.Equal("Hello", ((OutputText)((Message)done.Item.Body!).Content[0]).Text);
        Assert.IsType<AttemptStarted>(next[3]);
    }

    [Fact]
    public void Show_AfterAnItemWasClosedHere_ShiftsOutputIndexes()
    {
        var shown = new ShownStream(-1);
        ShowAll(shown, ATurn.Stream(ATurn.Running("a"), ATurn.Said(0, 2, "one"), ATurn.Said(1, 8, "two")).Take(10).ToList());
        var whole = ATurn.Stream(ATurn.Ended(TurnStatus.Completed, "a", "b"), ATurn.Said(0, 2, "one"), ATurn.Said(1, Second + 1, "two"));

        var next = ShowAll(shown, whole);

        Assert.Equal(1, Assert.IsType<TextDone>(next[0]).OutputIndex);
        Assert.All(next.OfType<ItemEvent>().Where(e => e.Number > Second), e => Assert.Equal(2, e.OutputIndex));
        Assert.IsType<TurnEnded>(next[^1]);
    }

    [Fact]
    public void Show_ItemWasJournaledBeforeTheSiloDied_ShowsItsRest()
    {
        var shown = new ShownStream(-1);
        ShowAll(shown, ATurn.Stream(ATurn.Running("a"), ATurn.Said(0, 2, "one", "two")).Take(5).ToList());

        var next = ShowAll(shown, ATurn.Stream(ATurn.Running("a", "b"), ATurn.Said(0, 2, "one", "two")));

        Assert.Equal([5, 6, 7, 8, Second], next.Select(e => e.Number));
        Assert.Equal(ItemStatus.Completed, ((ItemDone)next[3]).Item.Status);
    }

    [Fact]
    public void Show_OnlyTheItemWasAnnounced_ClosesItWithoutParts()
    {
        var shown = new ShownStream(-1);
        ShowAll(shown, ATurn.Stream(ATurn.Running("a"), ATurn.Said(0, 2, "one")).Take(3).ToList());

        var next = shown.Show(new AttemptStarted(Second, "b")).ToList();

        var done = Assert.IsType<ItemDone>(next[0]);
        Assert.Empty(((Message)done.Item.Body!).Content);
        Assert.Equal(2, next.Count);
    }

    [Fact]
    public void Show_CallWasOpen_ClosesItWithTheArgumentsShown()
    {
        var id = new ItemId(ATurn.Id, 0, 1);
        var shown = new ShownStream(1);
        ShowAll(shown, [
            new ItemAdded(2, 0, id, new FunctionCall("call_1", "look", "")),
            new Delta(3, 0, id, DeltaKind.Arguments, "{\"a\"")]);

        var next = shown.Show(new AttemptStarted(Second, "b")).ToList();

        Assert.Equal(("{\"a\"", "look"), (((TextDone)next[0]).Text, ((TextDone)next[0]).Name));
        Assert.Equal("{\"a\"", ((FunctionCall)((ItemDone)next[1]).Item.Body!).Arguments);
        Assert.Equal([4, 5, Second], next.Select(e => e.Number));
    }

    [Fact]
    public void Show_EndIsNumberedBelowWhatWasShown_EndsAllTheSame()
    {
        var shown = new ShownStream(-1);
        ShowAll(shown, ATurn.Stream(ATurn.Running("a"), ATurn.Said(0, 2, "one", "two")).Take(6).ToList());

        var next = shown.Show(new TurnEnded(2, ATurn.Ended(TurnStatus.Failed, "a"), [])).ToList();

        Assert.Equal([6, 7, 8, 9], next.Select(e => e.Number));
        Assert.IsType<TurnEnded>(next[^1]);
        Assert.True(shown.HasEnded);
    }

    private static List<TurnEvent> ShowAll(ShownStream shown, IEnumerable<TurnEvent> events) => [.. events.SelectMany(shown.Show)];
}
