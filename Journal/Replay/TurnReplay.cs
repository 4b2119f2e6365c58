using System.Collections.Immutable;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Journal.Replay;

/// <summary>
/// Derives a turn's stream again from what is on disk. For a turn of one attempt it equals what was live; of an attempt that died, it
/// has what was journaled.
/// </summary>
public static class TurnReplay
{
    /// <summary>The events that precede the first output item of attempt 0, as far as the turn has come.</summary>
    public static ImmutableArray<TurnEvent> Beginning(Turn turn)
    {
        var events = ImmutableArray.CreateBuilder<TurnEvent>(3);
        events.Add(new TurnAccepted(0, turn.AsAccepted()));
        if (turn.WasQueued) events.Add(new TurnQueued(1, turn.AsAccepted()));
        if (turn.Attempts.Length > 0) events.Add(new TurnStarted(events.Count, turn.AsStarted()));
        return events.ToImmutable();
    }

    /// <summary>All events of an ended turn with a number greater than <paramref name="after"/>.</summary>
    public static IEnumerable<TurnEvent> Events(Turn turn, ImmutableArray<Item> output, int after) =>
        Journaled(turn, output).Where(e => e.Number > after);

    /// <summary>The events of an unfinished turn that its journaled output stands for.</summary>
    public static IEnumerable<TurnEvent> Journaled(Turn turn, ImmutableArray<Item> output)
    {
        var next = 0;
        foreach (var beginning in Beginning(turn))
        {
            yield return beginning;
            next = beginning.Number + 1;
        }

        var attempt = 0;
        for (var index = 0; index < output.Length; index++)
        {
            var item = output[index];
            for (; attempt < item.Id.Attempt; attempt++) yield return Retry(turn, attempt + 1, out next);
            foreach (var e in Item(index, item))
            {
                yield return e;
                next = e.Number + 1;
            }
        }

        for (; attempt < turn.AttemptNumber; attempt++) yield return Retry(turn, attempt + 1, out next);
        if (turn.Status.IsTerminal()) yield return new TurnEnded(next, turn, output);
    }

    private static AttemptStarted Retry(Turn turn, int attempt, out int next)
    {
        var number = attempt * TurnEvent.AttemptStride;
        next = number + 1;
        return new AttemptStarted(number, turn.Attempts[attempt].Silo);
    }

    private static IEnumerable<TurnEvent> Item(int outputIndex, Item item)
    {
        var number = item.Emission?.FirstEvent ?? 0;
        var events = new ItemEvents(outputIndex, item.Id);
        var body = item.Body;
        if (body is not null)
        {
            foreach (var e in events.Open(number, body))
            {
                yield return e;
                number++;
            }

            foreach (var text in item.Emission?.Deltas.Cut(ItemEvents.TextOf(body)) ?? [])
            {
                yield return events.More(number++, ItemEvents.KindOf(body), text);
            }
        }

        foreach (var e in events.Close(number, item)) yield return e;
    }
}
