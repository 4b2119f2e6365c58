using System.Collections.Immutable;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.Grpc;

/// <summary>
/// Writes one stream's events as the wire has them, in order, and remembers which silo runs which attempt: the events themselves
/// name it only when it changes.
/// </summary>
/// <param name="session">Whose they are.</param>
/// <param name="attempts">The attempts known before the first event.</param>
internal sealed class GrpcEvents(SessionKey session, ImmutableArray<Attempt> attempts)
{
    private ImmutableArray<Attempt> _attempts = attempts;
    private (int Attempt, string Silo)? _latest;

    /// <summary>The next event.</summary>
    public V1.Event Write(TurnEvent e)
    {
        Learn(e);
        var written = new V1.Event { Number = e.Number, Attempt = e.Attempt, Silo = SiloOf(e) };
        switch (e)
        {
            case TurnAccepted accepted: written.Accepted = new() { Turn = GrpcTurns.Write(session, accepted.Turn) }; break;
            case TurnQueued queued: written.Queued = new() { Turn = GrpcTurns.Write(session, queued.Turn) }; break;
            case TurnStarted started: written.Started = new() { Turn = GrpcTurns.Write(session, started.Turn) }; break;
            case AttemptStarted attempt: written.AttemptStarted = new() { Silo = attempt.Silo }; break;
            case ItemEvent item: Write(item, written); break;
            case TurnEnded ended:
                written.Ended = new() { Turn = GrpcTurns.Write(session, ended.Turn) };
                written.Ended.Output.AddRange(ended.Output.Select(GrpcItems.Write));
                break;
            default: throw Unknown(e);
        }

        return written;
    }

    private static void Write(ItemEvent e, V1.Event written)
    {
        var index = e.OutputIndex;
        switch (e)
        {
            case ItemAdded added:
                written.ItemAdded = new() { OutputIndex = index, Item = GrpcItems.WriteBegun(e.ItemId, added.Body) };
                break;
            case PartAdded part:
                written.PartAdded = new() { OutputIndex = index, ItemId = GrpcItems.WriteId(e.ItemId, part.Kind), Kind = Write(part.Kind) };
                break;
            case Delta delta:
                written.Delta = new()
                {
                    OutputIndex = index,
                    ItemId = GrpcItems.WriteId(e.ItemId, delta.Kind),
                    Kind = Write(delta.Kind),
                    Text = delta.Text,
                };
                break;
            case TextDone text:
                written.TextDone = new()
                {
                    OutputIndex = index,
                    ItemId = GrpcItems.WriteId(e.ItemId, text.Kind),
                    Kind = Write(text.Kind),
                    Text = text.Text,
                    Name = text.Name ?? "",
                };
                break;
            case PartDone part:
                written.PartDone = new()
                {
                    OutputIndex = index,
                    ItemId = GrpcItems.WriteId(e.ItemId, part.Kind),
                    Kind = Write(part.Kind),
                    Text = part.Text,
                };
                break;
            case ItemDone done:
                written.ItemDone = new() { OutputIndex = index, Item = GrpcItems.WriteOutput(done.Item) };
                break;
            default: throw Unknown(e);
        }
    }

    private static V1.DeltaKind Write(DeltaKind kind) => kind switch
    {
        DeltaKind.Text => V1.DeltaKind.Text,
        DeltaKind.Arguments => V1.DeltaKind.Arguments,
        DeltaKind.Refusal => V1.DeltaKind.Refusal,
        DeltaKind.ReasoningSummary => V1.DeltaKind.ReasoningSummary,
        _ => throw new InvalidOperationException($"The wire has no word for {kind}."),
    };

    private void Learn(TurnEvent e)
    {
        switch (e)
        {
            case TurnStarted started: _attempts = started.Turn.Attempts; break;
            case TurnEnded ended: _attempts = ended.Turn.Attempts; break;
            case AttemptStarted attempt: _latest = (e.Attempt, attempt.Silo); break;
        }
    }

    private string SiloOf(TurnEvent e) => e switch
    {
        TurnAccepted or TurnQueued => "",
        _ when _latest is { } latest && latest.Attempt == e.Attempt => latest.Silo,
        _ when e.Attempt < _attempts.Length => _attempts[e.Attempt].Silo,
        _ => "",
    };

    private static InvalidOperationException Unknown(TurnEvent e) => new($"The wire has no word for {e.GetType().Name}.");
}
