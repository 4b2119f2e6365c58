using Conversations.Suite.Cases;
using Conversations.Suite.Results;

namespace Conversations.Suite.Goals;

/// <summary>What the service is to reach, beside its baselines and by itself.</summary>
internal static class AllGoals
{
    public static IReadOnlyList<Goal> List { get; } =
    [
        Goal.AtLeast(1, "in process: turns/s ÷ transactions/s of pgbench with the same rows", r => Ratio(r, Figure.Rate, "in-process", "pgbench-transaction")),
        Goal.AtLeast(30, "HTTP, mounted: turns/s ÷ those of LangGraph.js + PostgreSQL", r => Ratio(r, Figure.Rate, "mounted", "langgraph")),
        Goal.AtLeast(0.5, "HTTP, mounted: turns/s ÷ those of a plain ASP.NET endpoint with Npgsql", r => Ratio(r, Figure.Rate, "mounted", "aspnet")),
        Goal.AtMost(2, "SQL statements of a warm turn", r => r.Median("in-process", Figure.Statements)),
        Goal.AtLeast(
            1,
            "three silos: turns/s ÷ those of one silo, less the measured cost of the hop",
            r => Ratio(r, Figure.Rate, "three-silos", "gateway") / Ratio(r, Figure.Rate, "gateway", "mounted")),
    ];

    private static double? Ratio(AllResults results, string figure, string over, string under) =>
        results.Median(over, figure) / results.Median(under, figure);
}
