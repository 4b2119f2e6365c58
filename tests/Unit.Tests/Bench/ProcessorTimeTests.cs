using Conversations.Load.Gauges;

namespace Conversations.Unit.Tests.Bench;

public sealed class ProcessorTimeTests
{
    // As the kernel writes it, with a name that looks like more fields.
    private const string Stat = "42 (a) b 7 (c) S 1 42 42 0 -1 4194560 900 800 1 2 30 4 500 60 20 0 1 0 12345 1000 200 18446744073709551615";

    [Theory]
    [InlineData(false, 34)]
    [InlineData(true, 594)]
    public void Ticks_OfALine_AreThoseOfTheProcessAndIfWishedOfItsEndedChildren(bool withEnded, long expected) =>
        Assert.Equal(expected, ProcessorTime.Ticks(Stat, withEnded));
}
