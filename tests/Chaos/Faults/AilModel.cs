using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>The model answers in one of the ways in which models fail.</summary>
internal sealed class AilModel(ModelTrouble trouble, string name) : Fault
{
    public override string Name => name;

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var length = AnyLength(cluster, random, 1_000, 5_000);
        cluster.Model.Trouble = trouble;
        await Task.Delay(length, stop);
        cluster.Model.Trouble = ModelTrouble.None;
        return Text(length);
    }
}
