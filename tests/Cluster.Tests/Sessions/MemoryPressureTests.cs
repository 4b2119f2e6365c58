using Conversations.Cluster.Tests.Costs;
using Conversations.Grains.Sessions;

namespace Conversations.Cluster.Tests.Sessions;

/// <summary>A memory that is too full at one hundredth.</summary>
[Collection(nameof(Alone))]
public sealed class MemoryPressureTests : SessionCluster, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Sessions_MemoryIsFull_GoAndComeBackWithTheirNextCall()
    {
        var keys = Enumerable.Range(0, 20).Select(number => NewKey($"s{number}")).ToList();
        foreach (var key in keys) await TurnAsync(key, "first");

        // A twentieth of all there is, and the bound is a hundredth; nothing touches it, so the machine gives none of it.
        var ballast = GC.AllocateUninitializedArray<byte>((int)Math.Min(Array.MaxLength, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 20));
        using var stop = new CancellationTokenSource(Patience);
        while (await CountAsync() > 0)
        {
            // Memory is looked at after a full collection.
            GC.Collect();
            await Task.Delay(TimeSpan.FromMilliseconds(200), stop.Token);
        }

        GC.KeepAlive(ballast);
        foreach (var key in keys) await TurnAsync(key, "second");
        Assert.All(keys, key => Assert.Equal(4, Journal.FindSessionAsync(key, default).Result!.ItemCount));
    }

    protected override Dictionary<string, string?> More() => new() { ["Sessions:MemoryPercent"] = "1" };

    private async Task<int> CountAsync() =>
        (await Cluster.Client.GetGrain<IManagementGrain>(0).GetSimpleGrainStatistics())
            .Where(grain => grain.GrainType.Contains(nameof(SessionGrain), StringComparison.Ordinal)).Sum(grain => grain.ActivationCount);
}
