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
    ];
}
