using System.Collections.Immutable;
using Conversations.Grains.Limits;

namespace Conversations.Unit.Tests.Grains.Limits;

public sealed class CensusTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly Census _census = new();

    [Fact]
    public void Report_OfSeveral_SaysTheSumOfTheOthers()
    {
        _census.Report("a", Running(("acme", 3), ("other", 1)), Now);
        _census.Report("b", Running(("acme", 4)), Now);
        var others = _census.Report("c", Running(("acme", 100)), Now);
        Assert.Equal((7, 1, 2), (others["acme"], others["other"], others.Count));
    }

    [Fact]
    public void Report_AgainByTheSameSilo_ReplacesWhatItSaid()
    {
        _census.Report("a", Running(("acme", 3)), Now);
        _census.Report("a", Running(("acme", 1)), Now);
        Assert.Equal(1, _census.Report("b", Running(), Now)["acme"]);
    }

    [Fact]
    public void Report_OfASiloThatIsGone_CountsUntilItsTimeIsOver()
    {
        _census.Report("a", Running(("acme", 3)), Now);
        Assert.Equal(3, _census.Report("b", Running(), Now + Census.Lifetime)["acme"]);
        Assert.Empty(_census.Report("b", Running(), Now + Census.Lifetime + TimeSpan.FromTicks(1)));
    }

    private static ImmutableDictionary<string, int> Running(params (string Tenant, int Count)[] counts) =>
        counts.ToImmutableDictionary(c => c.Tenant, c => c.Count);
}
