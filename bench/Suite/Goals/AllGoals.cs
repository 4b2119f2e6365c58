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
        Goal.AtMost(1.1, "a turn's latency at 10,000 items ÷ at 10", r => r.Median("history", "latency ratio")),
        Goal.AtMost(1.05, "a turn's write-ahead log at 10,000 items ÷ at 10", r => r.Median("history", "WAL ratio")),
        Goal.AtMost(2.5, "write-ahead log of a turn ÷ its payload, 1,000 characters each way, without full-page images", r => r.Median("history", "WAL / payload")),
        Goal.AtMost(2, "SQL statements of a warm turn", r => r.Median("in-process", Figure.Statements)),
        Goal.AtMost(2, "a cold session of 10,000 items comes to memory: time ÷ that of one of 10", r => r.Median("cold", "cold ratio")),
        Goal.AtMost(2, "first token: milliseconds added to calling the model directly", r => r.Median("first-token", "first token, added ms")),
        Goal.AtMost(20, "processor time of a streamed token, µs", r => r.Median("token-cost", "CPU µs/token")),
        Goal.AtMost(0, "events lost of 2,000 streams at 10 tokens/s", r => r.Median("streams", "lost events")),
        Goal.AtMost(100, "memory of one of those streams, KB", r => r.Median("streams", "memory KB/stream")),
        Goal.AtMost(20, "memory of an idle activation, KB", r => r.Median("idle", "KB per idle activation")),
        Goal.AtLeast(100_000, "sessions in memory in one process", r => r.Median("idle", "sessions active")),
        Goal.AtLeast(
            1,
            "three silos: turns/s ÷ those of one silo, less the measured cost of the hop",
            r => Ratio(r, Figure.Rate, "three-silos", "gateway") / Ratio(r, Figure.Rate, "gateway", "mounted")),
    ];

    private static double? Ratio(AllResults results, string figure, string over, string under) =>
        results.Median(over, figure) / results.Median(under, figure);
}
