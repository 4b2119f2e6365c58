using Conversations.Load.Reports;

namespace Conversations.Suite.Results;

/// <summary>One figure over all rounds.</summary>
internal sealed record Series(string Case, string Figure, IReadOnlyList<double> Values)
{
    public double Median => Rank.Median(Values);

    public double Least => Values.Min();

    public double Most => Values.Max();
}
