using Conversations.Grains.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Journal.Replay;
using CsCheck;

namespace Conversations.Unit.Tests.Grains.Sessions;

public sealed class TurnStreamTests
{
    [Fact]
    public void Read_AfterAnyNumber_IsAllThatIsGreaterUpTo512() => Gen.Select(Gen.Int[0, 700], Gen.Int[0, 700], Gen.Int[-2, 2_000]).Sample((first, second, k) =>
    {
        var stream = new TurnStream();
        stream.Publish(Numbers(0, first));
        stream.Publish(Numbers(TurnEvent.AttemptStride, second));
        var after = k > 1_000 ? TurnEvent.AttemptStride + k - 1_100 : k;

        var expected = Numbers(0, first).Concat(Numbers(TurnEvent.AttemptStride, second)).Select(e => e.Number).Where(n => n > after);
        Assert.Equal(expected.Take(512), stream.Read(after).Select(e => e.Number));
    });

    [Fact]
    public void Read_BatchAfterBatch_IsEverythingOnce()
    {
        var stream = new TurnStream();
        stream.Publish(Numbers(0, 1_300));
        var read = new List<int>();

        for (var batch = 0; batch < 4; batch++) read.AddRange(stream.Read(read is [.., var last] ? last : -1).Select(e => e.Number));

        Assert.Equal(Enumerable.Range(0, 1_300), read);
    }

    [Fact]
    public void Read_NothingYet_IsEmpty() => Assert.Empty(new TurnStream().Read(-1));

    [Fact]
    public void NextNumber_FollowsTheLastEventOfTheAttempt()
    {
        var stream = new TurnStream();
        Assert.Equal(0, stream.NextNumber);

        stream.Publish(Numbers(0, 5));
        Assert.Equal(5, stream.NextNumber);

        stream.Publish(new AttemptStarted(TurnEvent.AttemptStride, "silo-2"));
        Assert.Equal(TurnEvent.AttemptStride + 1, stream.NextNumber);
    }

    [Fact]
    public void IsAmidText_IsTrueOfPiecesThatNothingElseCameAfter()
    {
        var stream = new TurnStream();
        stream.Publish([new AttemptStarted(0, "silo-1")]);
        Assert.False(stream.IsAmidText(-1));
        Assert.False(stream.IsAmidText(0));

        stream.Publish(Piece(1));
        stream.Publish(Piece(2));
        Assert.False(stream.IsAmidText(0));
        Assert.True(stream.IsAmidText(1));
        Assert.True(stream.IsAmidText(2));

        stream.Publish(new AttemptStarted(3, "silo-2"));
        Assert.False(stream.IsAmidText(2));
        Assert.False(stream.IsAmidText(3));

        stream.Publish(Piece(4));
        Assert.False(stream.IsAmidText(3));
        Assert.True(stream.IsAmidText(4));
    }

    [Fact]
    public void WhenTextEnds_WaitsForTheFirstEventThatIsNoPieceOfText()
    {
        var stream = new TurnStream();
        stream.Publish(Piece(0));
        var (changed, ends) = (stream.WhenChanged(), stream.WhenTextEnds());

        stream.Publish(Piece(1));
        Assert.True(changed.IsCompleted);
        Assert.False(ends.IsCompleted);

        stream.Publish(new TurnEnded(2, MadeUpTurn.Empty, []));
        Assert.True(ends.IsCompleted);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void End_IsTheLastEventOnceItIsThere(bool inABatch)
    {
        var stream = new TurnStream();
        stream.Publish(Numbers(0, 2));
        Assert.Null(stream.End);

        var end = new TurnEnded(2, MadeUpTurn.Empty, []);
        if (inABatch) stream.Publish([end]);
        else stream.Publish(end);

        Assert.Same(end, stream.End);
    }

    [Theory]
    [InlineData("one")]
    [InlineData("batch")]
    [InlineData("signal")]
    public async Task WhenChanged_SomethingHappens_WakesAllWaitersAndOnlyThem(string what)
    {
        var stream = new TurnStream();
        var (first, second) = (stream.WhenChanged(), stream.WhenChanged());
        Assert.False(first.IsCompleted);

        switch (what)
        {
            case "one": stream.Publish(Numbers(0, 1).Single()); break;
            case "batch": stream.Publish(Numbers(0, 2)); break;
            default: stream.Signal(); break;
        }

        await Task.WhenAll(first, second).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.False(stream.WhenChanged().IsCompleted);
    }

    private static IEnumerable<TurnEvent> Numbers(int from, int count) => Enumerable.Range(from, count).Select(Piece);

    private static Delta Piece(int number) => new(number, 0, default, DeltaKind.Text, "x");
}
