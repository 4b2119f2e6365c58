using Conversations.Grains.Turns;
using Conversations.History;
using Conversations.Turns;
using CsCheck;

namespace Conversations.Unit.Tests.Grains.Turns;

public sealed class ContextWindowTests
{
    private static readonly TurnId Turn = new(Guid.AllBitsSet);

    // u: somebody's words, a: an answer, c: a call, o: its output, e: erased words, r: a result that the caller brought.
    [Theory]
    [InlineData("uaua", 4, 0)]
    [InlineData("uaua", 9, 0)]
    [InlineData("uaua", 3, 2)]
    [InlineData("uaua", 2, 2)]
    [InlineData("uacoacoa", 3, 5)]
    [InlineData("uaucoa", 4, 2)]
    [InlineData("ucoauaua", 6, 4)]
    [InlineData("uaeaua", 4, 4)]
    [InlineData("ucra", 2, 2)]
    public void Newest_History_BeginsWithSomebodysWords(string history, int count, int from)
    {
        var items = Items(history, first: 100);

        Assert.Equal(items.Skip(from), ContextWindow.Newest(items, count));
        Assert.Equal(100 + from, ContextWindow.FromSeq(items, count, next: 999));
    }

    [Fact]
    public void FromSeq_NoItems_IsTheNextOne() => Assert.Equal(7, ContextWindow.FromSeq([], 64, next: 7));

    [Fact]
    public void Newest_AnyHistory_IsAnEndOfItAtMostCountLong() =>
        Gen.Select(Gen.Char["uacoer"].Array[0, 30].Select(c => new string(c)), Gen.Int[1, 40]).Sample((history, count) =>
        {
            var items = Items(history, first: 0);

            var window = ContextWindow.Newest(items, count);

            Assert.True(window.Count <= count);
            Assert.Equal(items.TakeLast(window.Count), window);
            if (items.Count > 0) Assert.NotEmpty(window);
            Assert.Equal(window is [var oldest, ..] ? oldest.Seq : 77, ContextWindow.FromSeq(items, count, next: 77));
        });

    private static List<Item> Items(string history, long first) => [.. history.Select((kind, i) => new Item(
        first + i,
        new ItemId(Turn, 0, i),
        ItemStatus.Completed,
        kind switch
        {
            'u' => new Message(Role.User, [new InputText("hi")]),
            'a' => new Message(Role.Assistant, [new OutputText("ho")]),
            'c' => new FunctionCall("c", "f", "{}"),
            'e' => null,
            _ => new FunctionCallOutput("c", "1"),
        },
        kind is 'u' or 'e' or 'r' ? null : new Emission(2, DeltaLengths.None)))];
}
