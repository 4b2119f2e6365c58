using Conversations.Turns;

namespace Conversations.Grains.Turns;

/// <summary>How a run of a turn went.</summary>
/// <param name="Status">What the turn ends as.</param>
/// <param name="Error">Why it failed.</param>
/// <param name="Reason">Why it is incomplete or cancelled.</param>
/// <param name="Last">The item that was being made; the turn's end and it are one write.</param>
/// <param name="LeavesCallsOpen">Whether calls without output are the caller's to make.</param>
/// <param name="IsParked">Whether the turn has not ended but waits for a person.</param>
internal sealed record TurnOutcome(
    TurnStatus Status, TurnError? Error, string? Reason, OpenItem? Last, bool LeavesCallsOpen = false, bool IsParked = false)
{
    public static readonly TurnOutcome Parked = new(TurnStatus.InProgress, null, null, null, IsParked: true);
}
