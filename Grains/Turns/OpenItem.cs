using System.Text;
using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Turns;

namespace Conversations.Grains.Turns;

/// <summary>An item while the model produces it.</summary>
/// <param name="id">Its name.</param>
/// <param name="outputIndex">Its place among the turn's output.</param>
/// <param name="firstEvent">The number of the event that announces it.</param>
/// <param name="call">For a function call: which; null for a message.</param>
/// <param name="declines">Whether the message says why the model does not answer.</param>
internal sealed class OpenItem(ItemId id, int outputIndex, int firstEvent, CallHead? call, bool declines = false)
{
    private readonly StringBuilder _text = new();
    private readonly List<byte> _deltas = [];
    private char? _half;

    public ItemEvents Events { get; } = new(outputIndex, id);

    public CallHead? Call => call;

    public int Length => _text.Length;

    public DeltaKind Kind => call is not null ? DeltaKind.Arguments : declines ? DeltaKind.Refusal : DeltaKind.Text;

    /// <summary>How the item was shown.</summary>
    public Emission Emission => new(firstEvent, new DeltaLengths(_deltas.ToArray()));

    /// <summary>The item as it stands.</summary>
    public ItemBody Body => call is null
        ? new Message(Role.Assistant, [declines ? new RefusalText(_text.ToString()) : new OutputText(_text.ToString())])
        : new FunctionCall(call.CallId, call.Name, _text.ToString());

    /// <summary>Adds what the model said; returns what of it may be shown now, or null.</summary>
    public string? Add(string text)
    {
        // A surrogate pair may come in two pieces; half a character must not be shown, stored or sent.
        if (_half is { } half) text = half + text;
        _half = text.Length > 0 && char.IsHighSurrogate(text[^1]) ? text[^1] : null;
        if (_half is not null) text = text[..^1];
        return Keep(text);
    }

    /// <summary>What was held back and is to be shown before the item closes, or null.</summary>
    public string? Finish()
    {
        if (_half is null) return null;
        _half = null;
        return Keep("\uFFFD");
    }

    private string? Keep(string text)
    {
        if (text.Length == 0) return null;
        text = Storable.Clean(text);
        _text.Append(text);
        var length = (uint)text.Length;
        for (; length >= 0x80; length >>= 7) _deltas.Add((byte)(length | 0x80));
        _deltas.Add((byte)length);
        return text;
    }
}

/// <summary>Which function a call is for.</summary>
/// <param name="CallId">The name that ties the call to its output.</param>
/// <param name="Name">The function's name.</param>
internal sealed record CallHead(string CallId, string Name);
