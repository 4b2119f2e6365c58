using Conversations.Turns;
using Microsoft.SemanticKernel;
using OpenAI.Chat;

namespace Conversations.Grains.Agents;

/// <summary>One try at a model call: its reply, piece by piece, for as long as the model is alive.</summary>
internal sealed class ModelStream : IAsyncDisposable
{
    private readonly ModelPatience _patience;
    private readonly CancellationTokenSource _stop;
    private readonly IAsyncEnumerator<StreamingChatMessageContent> _pieces;
    private Task<bool>? _next;
    private string? _finish;
    private Usage? _usage;

    public ModelStream(
        Func<CancellationToken, IAsyncEnumerable<StreamingChatMessageContent>> call, ModelPatience patience, CancellationToken cancellationToken)
    {
        _patience = patience;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _pieces = call(_stop.Token).GetAsyncEnumerator(_stop.Token);
    }

    /// <summary>Whether the reply is whole.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The next piece of the reply; empty if it says nothing to anybody. The last ones are usage and reason of the end.</summary>
    /// <exception cref="TimeoutException">The model said nothing for too long.</exception>
    public async Task<IReadOnlyList<ModelChunk>> ReadAsync()
    {
        // A model that always has something to say, and does not listen, is stopped here.
        _stop.Token.ThrowIfCancellationRequested();
        var patience = _next is null ? _patience.First : _patience.Idle;
        _next = _pieces.MoveNextAsync().AsTask();
        if (await _next.WaitAsync(patience, _patience.Time, _stop.Token)) return Read(_pieces.Current);
        // A body that ends without saying why was cut off, however cleanly.
        if (_finish is null) throw new EndOfStreamException("The reply was cut off.");
        HasEnded = true;
        return _usage is null ? [new FinishChunk(_finish)] : [new UsageChunk(_usage), new FinishChunk(_finish)];
    }

    /// <summary>Hangs up. A model that does not listen is not waited for.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _ = LeaveAsync();
    }

    private async Task LeaveAsync()
    {
        if (_next is not null) await _next.ContinueWith(_ => { }, TaskScheduler.Current);
        await _pieces.DisposeAsync();
        _stop.Dispose();
    }

    private List<ModelChunk> Read(StreamingChatMessageContent piece)
    {
        var chunks = new List<ModelChunk>();
        if (piece.Content is { Length: > 0 } text) chunks.Add(new TextChunk(text));
        // The connector has no word for it.
        if (piece.InnerContent is StreamingChatCompletionUpdate { RefusalUpdate: { Length: > 0 } refusal }) chunks.Add(new RefusalChunk(refusal));
        chunks.AddRange(piece.Items.OfType<StreamingFunctionCallUpdateContent>().Select(
            call => new CallChunk(call.FunctionCallIndex, call.CallId, call.Name, call.Arguments)));
        if (piece.Metadata?.GetValueOrDefault("FinishReason") is string { Length: > 0 } finish) _finish = Normalise(finish);
        if (piece.Metadata?.GetValueOrDefault("Usage") is ChatTokenUsage used)
        {
            _usage = new Usage(
                used.InputTokenCount,
                used.OutputTokenCount,
                used.InputTokenDetails?.CachedTokenCount ?? 0,
                used.OutputTokenDetails?.ReasoningTokenCount ?? 0);
        }

        return chunks;
    }

    // The connector gives the enum's name.
    private static string Normalise(string finish) => finish switch
    {
        "Length" or "length" => "length",
        "ContentFilter" or "content_filter" => "content_filter",
        "ToolCalls" or "tool_calls" or "FunctionCall" => "tool_calls",
        _ => "stop",
    };
}
