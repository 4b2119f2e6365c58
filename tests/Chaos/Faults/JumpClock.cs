using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>A silo's wall clock jumps by an hour, back or forth, and later returns.</summary>
internal sealed class JumpClock(WallClocks clocks) : Fault
{
    public override string Name => "clock-jump";

    // Set back, it ends itself.
    public override bool HitsSilos => true;

    public override string? Forbidden => clocks.Forbidden;

    public override async Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop)
    {
        var silo = Any(cluster.Processes.Silos, random);
        var hours = random.Next(2) == 0 ? -1 : 1;
        var length = AnyLength(cluster, random, 3_000, 12_000);
        clocks.Set(silo.Name, TimeSpan.FromHours(hours));
        try
        {
            await Task.Delay(length, stop);
        }
        finally
        {
            clocks.Set(silo.Name, TimeSpan.Zero);
        }

        // Back it is set in any case, if only at the end: it ends itself, and whoever looks after it starts it again.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        using var look = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (silo.IsRunning) await look.WaitForNextTickAsync(patience.Token);
        await ChaosCluster.ReviveAsync(silo, stop);
        return $"{silo.Name} by {hours} h for {Text(length)}";
    }
}
