using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Client.Sessions;

/// <summary>Turns, items and their events to test with.</summary>
internal static class ATurn
{
    public static readonly TurnId Id = new(new Guid("00112233-4455-6677-8899-aabbccddeeff"));
    public static readonly DateTimeOffset Start = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static Turn Running(params string[] silos) => new()
    {
        Id = Id,
        Order = 0,
        Status = TurnStatus.InProgress,
        Options = new TurnOptions { Agent = "demo" },
        CreatedAt = Start,
        InputCount = 1,
        FirstSeq = 0,
        ItemCount = 1,
        Attempts = [.. silos.Select(silo => new Attempt(silo, Start))],
    };

    public static Turn Ended(TurnStatus status, params string[] silos) => Running(silos) with { Status = status, EndedAt = Start.AddSeconds(2) };

    /// <summary>A message of the model, cut into the given pieces.</summary>
    public static Item Said(int index, int firstEvent, params string[] pieces) => new(
        index + 1,
        new ItemId(Id, firstEvent / TurnEvent.AttemptStride, index + 1),
        ItemStatus.Completed,
        new Message(Role.Assistant, [new OutputText(string.Concat(pieces))]),
        new Emission(firstEvent, new DeltaLengths(pieces.Select(p => (byte)p.Length).ToArray())));

    /// <summary>The whole stream of a turn.</summary>
    public static IReadOnlyList<TurnEvent> Stream(Turn turn, params Item[] output) => [.. TurnReplay.Journaled(turn, [.. output])];
}
