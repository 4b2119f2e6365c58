using System.Diagnostics;
using Conversations.Load;
using Conversations.Load.Gauges;
using Conversations.Load.Loops;
using Conversations.Load.Reports;

namespace Conversations.Unit.Tests.Bench;

public sealed class RoundTests
{
    private static readonly long Second = Stopwatch.Frequency;

    [Fact]
    public void Between_TwoReadings_CountsOnlyTurnsAnsweredBetweenThem()
    {
        // One as the round begins, one after it has ended.
        Answered[] answered = [new(10 * Second, Second), new(11 * Second, Second / 100), new(12 * Second, Second / 10), new(13 * Second, Second)];

        var figures = Round.Between(Reading(10, wal: 1_000, statements: 7, cpu: 1), Reading(12, wal: 5_000, statements: 11, cpu: 1.5), answered);

        Assert.Equal(2, figures.Turns);
        Assert.Equal(1, figures.TurnsPerSecond, 9);
        Assert.Equal((10, 100), (figures.P50, figures.Longest));
        Assert.Equal((2_000, 2), (figures.WalBytes, figures.Statements));
        Assert.Equal(250, figures.Processors["silo"]);
        Assert.Null(figures.AllocatedBytes);
    }

    [Fact]
    public void Between_NoTurn_SaysWhatToDo() =>
        Assert.Contains("--seconds", Assert.Throws<TurnException>(() => Round.Between(Reading(1, 0, 0, 0), Reading(2, 0, 0, 0), [])).Message, StringComparison.Ordinal);

    private static Reading Reading(int second, decimal wal, long statements, double cpu) => new()
    {
        At = second * Second,
        Wal = wal,
        Statements = statements,
        Processors = new Dictionary<string, TimeSpan> { ["silo"] = TimeSpan.FromSeconds(cpu) },
    };
}
