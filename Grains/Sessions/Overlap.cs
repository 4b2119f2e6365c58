using System.Collections.Immutable;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>What a request does to the turns before it.</summary>
/// <param name="Stop">What becomes of the running turn.</param>
/// <param name="Dropped">The waiting turns that end as cancelled.</param>
/// <param name="MergeInto">The waiting turn that takes the input; null: a turn of its own.</param>
/// <param name="DueAt">When the turn may start at the earliest.</param>
internal sealed record Overlap(StopWish Stop, ImmutableArray<ActiveTurn> Dropped, ActiveTurn? MergeInto, DateTimeOffset? DueAt)
{
    private static readonly Overlap Wait = new(StopWish.None, [], null, null);

    /// <summary>Decides by the policy. Pure.</summary>
    /// <exception cref="RefusalException">The policy is to refuse.</exception>
    public static Overlap Decide(
        OverlapPolicy policy, IReadOnlyList<ActiveTurn> unfinished, TurnRequest request, string? agent, DateTimeOffset now, TimeSpan longestWait)
    {
        switch (policy.Kind)
        {
            case OverlapKind.Reject when unfinished.Count > 0:
                throw new RefusalException(
                    RefusalCode.SessionBusy, "The conversation is busy with another request: try again when that has ended.", "conversation");
            case OverlapKind.Interrupt when unfinished.Count > 0:
                return new Overlap(StopWish.Interrupt, Queued(unfinished), null, null);
            case OverlapKind.Rollback when unfinished.Count > 0:
                return new Overlap(StopWish.Rollback, Queued(unfinished), null, null);
            case OverlapKind.Latest:
                return Wait with { Dropped = Queued(unfinished) };
            case OverlapKind.Merge:
                return Wait with { MergeInto = Survivor(unfinished, request, agent) };
            case OverlapKind.Debounce:
                var due = now + (policy.Delay ?? OverlapPolicy.DefaultDelay);
                var survivor = Survivor(unfinished, request, agent);
                var latest = (survivor?.Turn.CreatedAt ?? now) + longestWait;
                return Wait with { MergeInto = survivor, DueAt = due < latest ? due : latest };
            default:
                return Wait;
        }
    }

    private static ImmutableArray<ActiveTurn> Queued(IReadOnlyList<ActiveTurn> unfinished) =>
        [.. unfinished.Where(t => t.Turn.Status == TurnStatus.Queued)];

    // Only a turn that asks the same of the same agent can answer for both.
    private static ActiveTurn? Survivor(IReadOnlyList<ActiveTurn> unfinished, TurnRequest request, string? agent) =>
        unfinished is [.., { Turn: { Status: TurnStatus.Queued, CallsModel: true } turn } newest] && request.CallsModel && turn.Options.Agent == agent
            ? newest
            : null;
}
