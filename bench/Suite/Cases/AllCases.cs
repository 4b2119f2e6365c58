using Conversations.Suite.Servers;

namespace Conversations.Suite.Cases;

/// <summary>Everything that can be measured, in its order.</summary>
internal static class AllCases
{
    public static IReadOnlyList<ICase> List { get; } =
    [
        new InProcess(),
        new OverWire("mounted", "HTTP, one silo with the gateway mounted", new ClusterShape(1, Mounted: true), "http"),
        new OverWire("gateway", "HTTP, one silo and a gateway, each a process", new ClusterShape(1, Mounted: false), "http"),
        new OverWire("three-silos", "HTTP, three silos and a gateway, each a process", new ClusterShape(3, Mounted: false), "http"),
        new OverWire("grpc", "gRPC, one silo with the gateway mounted", new ClusterShape(1, Mounted: true), "grpc"),
        new Pgbench("transaction"),
        new Pgbench("statement"),
        new Pgbench("turn-row-transaction"),
        new Pgbench("turn-row-statement"),
        new Baseline("aspnet"),
        new Baseline("list"),
        new Baseline("langgraph"),
        new Baseline("langchain"),
        new Baseline("naive"),
        new InOneProcess("history", "a turn with 1,000 characters each way, at 10 items and at 10,000, without full-page images", "--items", 10_000, 1_000),
        new InOneProcess("cold", "a session comes to memory, with 10 items and with 10,000", "--items", 10_000, 1_000),
        new FirstToken(isProxy: false),
        new FirstToken(isProxy: true),
        new TokenCost(isProxy: false),
        new TokenCost(isProxy: true),
        new ManyStreams(isProxy: false),
        new ManyStreams(isProxy: true),
        new MostStreams(),
        new InOneProcess("idle", "100,000 sessions in one silo, each idle after one turn", "--sessions", 100_000, 2_000),
    ];
}
