using Conversations.History;
using Conversations.Journal.Rows;
using Conversations.Turns;

namespace Conversations.Micro;

/// <summary>A turn with one question and one answer of the same length, streamed in pieces of four characters.</summary>
internal static class SampleTurn
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly TurnId Id = new(Guid.Parse("0197a000-0000-7000-8000-000000000001"));

    /// <summary>The turn as it ends.</summary>
    public static Turn Ended { get; } = new()
    {
        Id = Id,
        Order = 41,
        Status = TurnStatus.Completed,
        Options = new TurnOptions { Agent = "demo", NamesSession = true },
        Fingerprint = new byte[32],
        CreatedAt = Now,
        EndedAt = Now,
        FirstSeq = 82,
        InputCount = 1,
        ItemCount = 2,
        Attempts = [new Attempt("silo-1", Now)],
        Usage = new Usage(1_000, 250),
    };

    public static Item Question(int length) => new(
        82, new ItemId(Id, 0, 0), ItemStatus.Completed, new Message(Role.User, [new InputText(new string('q', length))]));

    public static Item Answer(int length) => new(
        83,
        new ItemId(Id, 0, 1),
        ItemStatus.Completed,
        new Message(Role.Assistant, [new OutputText(new string('a', length))]),
        new Emission(2, new DeltaLengths(Enumerable.Repeat((byte)4, length / 4).ToArray())));

    /// <summary>So many items, questions and answers in turn.</summary>
    public static IEnumerable<Item> History(int items) =>
        Enumerable.Range(0, items).Select(i => (i % 2 == 0 ? Question(200) : Answer(200)) with { Seq = i, Id = new ItemId(new TurnId(Guid.CreateVersion7()), 0, i % 2) });

    /// <summary>What the read function gives of a session with so many items: the delta has the names of its members.</summary>
    public static byte[] Snapshot(int items) => JournalJson.Write(Head with { WindowFrom = 0, ItemCount = items, Items = [.. History(items).Select(ItemRow.From)] });

    public static SessionDelta Head { get; } = new()
    {
        CreatedAt = Now,
        ItemCount = 84,
        TurnCount = 42,
        WindowFrom = 20,
        NewestTurn = Id.Value,
        Silo = "silo-1",
        SiloAddress = "127.0.0.1:11111@150000000",
    };

    public static SessionDelta Accept(int length) => Head with
    {
        Accepted = [TurnRow.From(Ended.AsStarted(), null)],
        Items = [ItemRow.From(Question(length))],
    };

    public static SessionDelta End(int length) => Head with
    {
        Turns = [TurnRow.From(Ended, null) with { Options = null, Fingerprint = null }],
        Items = [ItemRow.From(Answer(length))],
    };
}
