using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Wire;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Client.OpenAI.Shapes;

/// <summary>A turn's events as the dialect's, one for one, under the same numbers.</summary>
internal static class EventShape
{
    private const string ArgumentsName = "response.function_call_arguments";
    private const string RefusalName = "response.refusal";
    private const string SummaryName = "response.reasoning_summary_text";
    private const string OutputName = "response.output_text";

    /// <summary>An event; null for one about an erased item, of which there is nothing to show.</summary>
    public static WireEvent? Of(SessionKey key, TurnEvent shown) => shown switch
    {
        TurnAccepted e => Response(e, "response.created", key, e.Turn, []),
        TurnQueued e => Response(e, "response.queued", key, e.Turn, []),
        TurnStarted e => Response(e, "response.in_progress", key, e.Turn, []),
        TurnEnded e => Response(e, EndOf(e.Turn.Status), key, e.Turn, e.Output),
        AttemptStarted e => new WireEvent("conversations:attempt", e.Number) { Attempt = e.Attempt, Silo = e.Silo },
        ItemAdded e => new WireEvent("response.output_item.added", e.Number)
        {
            OutputIndex = e.OutputIndex,
            Item = ItemShape.Begun(e.ItemId, e.Body),
        },
        ItemDone e => ItemShape.Of(e.Item) is { } item
            ? new WireEvent("response.output_item.done", e.Number) { OutputIndex = e.OutputIndex, Item = item }
            : null,
        PartAdded e => Piece(e, e.Kind, PartName(e.Kind) + ".added") with { Part = ItemShape.Part(e.Kind, "") },
        PartDone e => Piece(e, e.Kind, PartName(e.Kind) + ".done") with { Part = ItemShape.Part(e.Kind, e.Text) },
        Delta e => Piece(e, e.Kind, DeltaName(e.Kind), e.Text),
        TextDone e => Done(Piece(e, e.Kind, TextName(e.Kind) + ".done"), e),
        _ => throw new InvalidOperationException($"The dialect has no {shown.GetType().Name}."),
    };

    /// <summary>
    /// An event of a session's own stream: as in the turn's, with the response it belongs to; what a turn was given is an event of ours.
    /// </summary>
    public static StreamedEvent Of(SessionKey key, SessionEvent shown)
    {
        var written = shown is { Event: { } own } ? Of(key, own)
            : shown.Given is { } given && ItemShape.Of(given) is { } item ? new WireEvent("conversations:item.added", null) { Item = item }
            : null;
        return new StreamedEvent(
            shown.Event?.Number ?? 0, shown.HasResponse && written is not null ? written with { ResponseId = new ResponseId(key.Id, shown.Turn).ToString() } : written, shown.Cursor?.ToString());
    }

    /// <summary>An error that ends a stream.</summary>
    public static WireErrorEvent Error(int number, DialectError error) =>
        new("error", number, error.Code, error.Message, error.Param, error.Body);

    private static WireEvent Response(TurnEvent e, string type, SessionKey key, Turn turn, IEnumerable<Item> output) =>
        new(type, e.Number) { Response = ResponseShape.Of(key, turn, output) };

    // A cancelled turn has no event of its own in the dialect: the response says "cancelled".
    private static string EndOf(TurnStatus status) => status switch
    {
        TurnStatus.Completed => "response.completed",
        TurnStatus.Failed => "response.failed",
        _ => "response.incomplete",
    };

    private static WireEvent Piece(ItemEvent e, DeltaKind kind, string type, string? delta = null) => new(type, e.Number)
    {
        ItemId = ItemShape.IdOf(e.ItemId, kind),
        OutputIndex = e.OutputIndex,
        ContentIndex = kind is DeltaKind.Text or DeltaKind.Refusal ? 0 : null,
        SummaryIndex = kind == DeltaKind.ReasoningSummary ? 0 : null,
        Delta = delta,
        Logprobs = delta is null ? null : LogprobsOf(kind),
    };

    private static WireEvent Done(WireEvent piece, TextDone e) => e.Kind switch
    {
        DeltaKind.Arguments => piece with { Name = e.Name, Arguments = e.Text },
        DeltaKind.Refusal => piece with { Refusal = e.Text },
        _ => piece with { Text = e.Text, Logprobs = LogprobsOf(e.Kind) },
    };

    private static IReadOnlyList<string>? LogprobsOf(DeltaKind kind) => kind == DeltaKind.Text ? [] : null;

    private static string PartName(DeltaKind kind) =>
        kind == DeltaKind.ReasoningSummary ? "response.reasoning_summary_part" : "response.content_part";

    private static string TextName(DeltaKind kind) => kind switch
    {
        DeltaKind.Arguments => ArgumentsName,
        DeltaKind.Refusal => RefusalName,
        DeltaKind.ReasoningSummary => SummaryName,
        _ => OutputName,
    };

    // There are many of them: none makes a string.
    private static string DeltaName(DeltaKind kind) => kind switch
    {
        DeltaKind.Arguments => ArgumentsName + ".delta",
        DeltaKind.Refusal => RefusalName + ".delta",
        DeltaKind.ReasoningSummary => SummaryName + ".delta",
        _ => OutputName + ".delta",
    };
}
