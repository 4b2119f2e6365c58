using System.Collections.Immutable;
using System.Text;
using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Turns;

namespace Conversations.Client.Sessions;

/// <summary>
/// What one connection was shown of a turn's stream, and so what it is shown next: nothing twice; an item that a dead silo left open is
/// closed as incomplete before the next attempt; output indexes count what was shown here.
/// </summary>
/// <param name="after">The number of the last event that the caller has; -1: none.</param>
internal sealed class ShownStream(int after)
{
    private readonly int _after = after;
    private OpenItem? _open;
    private int _closedHere;
    private int? _last;

    /// <summary>The number of the last event that the caller has.</summary>
    public int Last => _last ?? _after;

    /// <summary>Whether the caller has the last event.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>What to show for an event that came: nothing, the event, or the event and what must go before it.</summary>
    public IEnumerable<TurnEvent> Show(TurnEvent next)
    {
        if (HasEnded) yield break;

        // Closing an open item here may take the end's own number; then the end moves. Otherwise the caller has it already.
        var isLate = next.Number <= Last;
        if (isLate && (next is not TurnEnded || _last is null))
        {
            HasEnded |= next is TurnEnded;
            yield break;
        }

        if (next is AttemptStarted or TurnEnded && _open is { } open)
        {
            _open = null;
            _closedHere++;
            foreach (var closing in open.Close(Last + 1)) yield return Shown(closing);
        }

        yield return Shown(next switch
        {
            ItemEvent item => Tracked(_closedHere == 0 ? item : item with { OutputIndex = item.OutputIndex + _closedHere }),
            TurnEnded when next.Number <= Last => next with { Number = Last + 1 },
            _ => next,
        });
    }

    private TurnEvent Shown(TurnEvent shown)
    {
        _last = shown.Number;
        HasEnded = shown is TurnEnded;
        return shown;
    }

    private ItemEvent Tracked(ItemEvent item)
    {
        switch (item)
        {
            case ItemAdded added:
                _open = new OpenItem(added);
                break;
            case ItemDone:
                _open = null;
                break;
            default:
                _open?.Add(item);
                break;
        }

        return item;
    }

    /// <summary>An item that was announced and not yet closed.</summary>
    private sealed class OpenItem(ItemAdded added)
    {
        private readonly StringBuilder _text = new();
        private DeltaKind? _part;
        private bool _textIsDone;
        private bool _partIsDone;

        public void Add(ItemEvent shown)
        {
            switch (shown)
            {
                case PartAdded part:
                    _part = part.Kind;
                    break;
                case Delta delta:
                    _text.Append(delta.Text);
                    break;
                case TextDone:
                    _textIsDone = true;
                    break;
                case PartDone:
                    _partIsDone = true;
                    break;
            }
        }

        public IEnumerable<TurnEvent> Close(int number)
        {
            var item = new Item(-1, added.ItemId, ItemStatus.Incomplete, Body());
            foreach (var closing in new ItemEvents(added.OutputIndex, added.ItemId).Close(number, item))
            {
                if (!WasShown(closing)) yield return closing with { Number = number++ };
            }
        }

        private bool WasShown(TurnEvent closing) => closing switch
        {
            TextDone => _textIsDone || (_part is null && added.Body is not FunctionCall),
            PartDone => _partIsDone || _part is null,
            _ => false,
        };

        private ItemBody Body()
        {
            var text = _text.ToString();
            return added.Body switch
            {
                FunctionCall call => call with { Arguments = text },
                Reasoning reasoning => reasoning with { Summary = _part is null ? [] : [text] },
                Message message => message with { Content = Content(text) },
                var other => other,
            };
        }

        private ImmutableArray<ContentPart> Content(string text) => _part switch
        {
            null => [],
            DeltaKind.Refusal => [new RefusalText(text)],
            _ => [new OutputText(text)],
        };
    }
}
