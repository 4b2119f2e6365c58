using Conversations.Load.Reports;

namespace Conversations.Unit.Tests.Bench;

public sealed class RankTests
{
    [Theory]
    [InlineData(0.5, 5)]
    [InlineData(0.95, 10)]
    [InlineData(0.99, 10)]
    [InlineData(0.1, 1)]
    [InlineData(0.11, 2)]
    [InlineData(0, 1)]
    public void At_TenValues_IsTheSmallestThatThisPartDoesNotExceed(double part, int expected) =>
        Assert.Equal(expected, Rank.At([.. Enumerable.Range(1, 10)], part));

    [Theory]
    [InlineData(new double[] { 3, 1, 2 }, 2)]
    [InlineData(new double[] { 4, 1, 3, 2 }, 2.5)]
    [InlineData(new double[] { 7 }, 7)]
    public void Median_OfValues_IsTheMiddle(double[] values, double expected) => Assert.Equal(expected, Rank.Median(values));
}
