using Conversations.Chaos.World;

namespace Conversations.Chaos.Faults;

/// <summary>One way in which things go wrong, and right again.</summary>
internal abstract class Fault
{
    /// <summary>Its name on the command line and in the report.</summary>
    public abstract string Name { get; }

    /// <summary>Whether it ends, stops or cuts off a silo, so that others are right to give it up.</summary>
    public virtual bool HitsSilos => false;

    /// <summary>Why this machine forbids it; null if it does not.</summary>
    public virtual string? Forbidden => null;

    /// <summary>Lets it happen; returns when it is over and whatever it ended has been started again.</summary>
    /// <returns>What was done, for the log.</returns>
    public abstract Task<string> StrikeAsync(ChaosCluster cluster, Random random, CancellationToken stop);

    protected static Task LastAsync(Random random, int fromMilliseconds, int toMilliseconds, CancellationToken stop) =>
        Task.Delay(random.Next(fromMilliseconds, toMilliseconds), stop);

    protected static T Any<T>(IReadOnlyList<T> all, Random random) => all[random.Next(all.Count)];
}
