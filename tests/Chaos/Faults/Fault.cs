using System.Globalization;
using Conversations.Chaos.World;
using Conversations.Launcher.Hosts;

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

    /// <summary>How long it lasts: seeded, and never longer than the run allows.</summary>
    protected static TimeSpan AnyLength(ChaosCluster cluster, Random random, int fromMilliseconds, int toMilliseconds) =>
        TimeSpan.FromMilliseconds(Math.Min(random.Next(fromMilliseconds, toMilliseconds), cluster.LongestFault.TotalMilliseconds));

    /// <summary>A length in the words of the log.</summary>
    protected static string Text(TimeSpan length) => string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds:0.0} s");

    protected static Task LastAsync(Random random, int fromMilliseconds, int toMilliseconds, CancellationToken stop) =>
        Task.Delay(random.Next(fromMilliseconds, toMilliseconds), stop);

    /// <summary>All silos, or one of them.</summary>
    protected static IReadOnlyList<SiloProcess> SilosOf(ChaosCluster cluster, Random random) =>
        random.Next(2) == 0 ? cluster.Processes.Silos : [Any(cluster.Processes.Silos, random)];

    protected static T Any<T>(IReadOnlyList<T> all, Random random) => all[random.Next(all.Count)];
}
