using System.Collections.Immutable;
using Conversations.Turns;

namespace Conversations.Grains.Sessions;

/// <summary>The events of one turn that may be seen: all of them are on disk, or are pieces of an item that is being made.</summary>
internal sealed class TurnStream
{
    // A watcher that comes late gets the past in pieces of this size.
    private const int MostEvents = 512;

    private readonly List<TurnEvent> _events = [];
    private TaskCompletionSource? _changed;
    private TaskCompletionSource? _textEnds;
    private int _textFrom;

    /// <summary>The last event, once it is there.</summary>
    public TurnEnded? End { get; private set; }

    /// <summary>The number of the next event of this attempt.</summary>
    public int NextNumber => _events is [.., var last] ? last.Number + 1 : 0;

    public void Publish(TurnEvent next)
    {
        _events.Add(next);
        End = next as TurnEnded ?? End;
        if (next is Delta) SignalChange();
        else EndText();
    }

    public void Publish(IEnumerable<TurnEvent> next)
    {
        _events.AddRange(next);
        End = _events is [.., TurnEnded end] ? end : End;
        EndText();
    }

    /// <summary>The events with a number greater than <paramref name="after"/>, as many as fit in one answer.</summary>
    public ImmutableArray<TurnEvent> Read(int after)
    {
        var from = FirstAfter(after);
        var count = Math.Min(_events.Count - from, MostEvents);
        return count == 0 ? [] : [.. _events.GetRange(from, count)];
    }

    /// <summary>Ends at the next event.</summary>
    public Task WhenChanged()
    {
        _changed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _changed.Task;
    }

    /// <summary>Whether this is the number of a piece of text, and no other event has come since.</summary>
    public bool IsAmidText(int number) => FirstAfter(number) > _textFrom;

    /// <summary>Ends at the next event that is no piece of text.</summary>
    public Task WhenTextEnds()
    {
        _textEnds ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _textEnds.Task;
    }

    /// <summary>Lets everybody who waits look again.</summary>
    public void Signal()
    {
        SignalChange();
        _textEnds?.TrySetResult();
        _textEnds = null;
    }

    private void EndText()
    {
        _textFrom = _events.Count;
        Signal();
    }

    private void SignalChange()
    {
        _changed?.TrySetResult();
        _changed = null;
    }

    private int FirstAfter(int after)
    {
        var (low, high) = (0, _events.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_events[middle].Number > after) high = middle;
            else low = middle + 1;
        }

        return low;
    }
}
