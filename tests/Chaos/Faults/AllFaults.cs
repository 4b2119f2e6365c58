using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>The faults there are.</summary>
internal static class AllFaults
{
    public static IReadOnlyList<Fault> Of(ChaosCluster cluster) =>
    [
        new KillSilo(),
        new KillAllSilos(),
        new PauseSilo(),
        new StopSilo(),
        new RollingRestart(),
        new KillGateway(),
        new KillPostgres(),
        new PausePostgres(),
        new EndBackends(),
        new TakeConnections(),
        new FillDisk(cluster.Disk),
        .. FailWire.All,
        new ResetCallers(),
        .. CutNetwork.All,
        .. LeadAstray.All,
        new BusyCores(),
        new JumpClock(cluster.Clocks),
        new AilModel(ModelTrouble.TooManyRequests, "model-429"),
        new AilModel(ModelTrouble.ServerError, "model-500"),
        new AilModel(ModelTrouble.Hang, "model-hang"),
        new AilModel(ModelTrouble.Trickle, "model-trickle"),
        new AilModel(ModelTrouble.Malformed, "model-malformed"),
        new AilModel(ModelTrouble.Cut, "model-cut"),
    ];
}
