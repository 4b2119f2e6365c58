using System.Collections.Immutable;
using Conversations.History;
using Conversations.Turns;
using CsCheck;

namespace Conversations.Unit.Tests.Journal.Replay;

/// <summary>An item as a model might have said it: its body, and the lengths of its pieces.</summary>
internal sealed record Said(ItemBody Body, params byte[] Pieces)
{
    public static Said Text(params string[] pieces) => new(new Message(Role.Assistant, [new OutputText(string.Concat(pieces))]), Lengths(pieces));

    public static Said Declined(params string[] pieces) => new(new Message(Role.Assistant, [new RefusalText(string.Concat(pieces))]), Lengths(pieces));

    public static Said Call(params string[] pieces) => new(new FunctionCall("call_1", "weather", string.Concat(pieces)), Lengths(pieces));

    public static Said Thought(params string[] pieces) => new(new Reasoning([string.Concat(pieces)], "opaque"), Lengths(pieces));

    public static Said Result(string text) => new(new FunctionCallOutput("call_1", text));

    public static Said Compacted() => new(new Compaction("They said hello.", 7));

    public static Said Asked() => new(new ApprovalRequest("call_1", "weather", "{}"));

    private static byte[] Lengths(string[] pieces) => [.. pieces.Select(p => (byte)p.Length)];
}

/// <summary>A turn as the journal has it, numbered as it must have been shown.</summary>
/// <param name="Turn">The turn.</param>
/// <param name="Output">Its output.</param>
internal sealed record MadeUpTurn(Turn Turn, ImmutableArray<Item> Output)
{
    public static readonly TurnId Id = new(new Guid("0198c0de-0000-7000-8000-000000000001"));

    public static readonly DateTimeOffset Start = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly Turn Empty = new()
    {
        Id = Id,
        Order = 0,
        Status = TurnStatus.InProgress,
        Options = new TurnOptions(),
        CreatedAt = Start,
        InputCount = 1,
    };

    private static readonly Gen<Said> AnySaid = Gen.Select(Gen.Int[0, 6], Gen.OneOf("Hi", "x", "{\"a\":", "long enough").Array[0, 5])
        .Select((kind, pieces) => kind switch
        {
            0 => Said.Text(pieces),
            1 => Said.Declined(pieces),
            2 => Said.Call(pieces),
            3 => Said.Thought(pieces),
            4 => Said.Result(string.Concat(pieces)),
            5 => Said.Compacted(),
            _ => Said.Asked(),
        });

    /// <summary>Turns of up to three attempts, none if it never started.</summary>
    public static Gen<MadeUpTurn> Any { get; } = Gen
        .Select(Gen.Bool, Gen.Int[0, 5], AnySaid.Array[0, 4].Array[0, 3])
        .Select((queued, status, attempts) => Make(
            queued, attempts.Length > 0 || status is 4 or 5 ? (TurnStatus)Math.Max(status, attempts.Length > 0 ? 1 : 0) : TurnStatus.Queued, attempts));

    public static MadeUpTurn Make(bool queued, TurnStatus status, params Said[][] attempts)
    {
        var turn = Empty with
        {
            Status = status,
            WasQueued = queued,
            FirstSeq = attempts.Length > 0 ? 40 : null,
            Attempts = [.. attempts.Select((_, a) => new Attempt($"silo-{a}", Start.AddSeconds(a), HandedOver: a == 0))],
            EndedAt = status.IsTerminal() ? Start.AddMinutes(1) : null,
        };
        var output = ImmutableArray.CreateBuilder<Item>();
        var number = queued ? 3 : 2;
        for (var a = 0; a < attempts.Length; a++)
        {
            if (a > 0) number = a * 1_000_000 + 1;
            foreach (var said in attempts[a])
            {
                output.Add(new Item(
                    41 + output.Count,
                    new ItemId(Id, a, 1 + output.Count),
                    ItemStatus.Completed,
                    said.Body,
                    new Emission(number, new DeltaLengths(said.Pieces))));
                // Announced and closed by 2 + 3 events, a call by 1 + 2, what comes in one piece by 1 + 1.
                number += said.Pieces.Length + said.Body switch { FunctionCall => 3, Message or Reasoning => 5, _ => 2 };
            }
        }

        return new MadeUpTurn(turn with { ItemCount = attempts.Length > 0 ? 1 + output.Count : 0 }, output.ToImmutable());
    }
}
