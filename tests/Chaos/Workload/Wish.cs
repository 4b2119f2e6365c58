namespace Conversations.Chaos.Workload;

/// <summary>How a turn is asked for.</summary>
/// <param name="Way">How its answer is waited for.</param>
/// <param name="Policy">Its overlap policy; null is the default.</param>
/// <param name="HasKey">Whether it may be sent again under its key.</param>
/// <param name="LeavesAfter">After how many events of its stream the caller hangs up, to take it up again; 0: for good, once it is accepted; null: it stays.</param>
internal sealed record Wish(Way Way, string? Policy, bool HasKey, int? LeavesAfter)
{
    private static readonly string[] Policies = ["reject", "interrupt", "rollback", "latest", "merge", "debounce;ms=300"];

    public static Wish Any(Random random) => new(
        (Way)random.Next(3),
        random.Next(10) < 7 ? null : Policies[random.Next(Policies.Length)],
        random.Next(10) > 0,
        random.Next(3) == 0 ? random.Next(1, 12) : null);
}

/// <summary>How an answer is waited for.</summary>
internal enum Way
{
    Awaited,
    Streamed,
    InBackground,
}
