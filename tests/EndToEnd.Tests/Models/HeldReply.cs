using System.Runtime.CompilerServices;
using Conversations.Testing;

namespace Conversations.EndToEnd.Tests.Models;

/// <summary>An answer in pieces that stops in the middle until the test lets it go on, however often it is asked for.</summary>
internal sealed class HeldReply(params string[] pieces)
{
    private readonly TaskCompletionSource<ModelRequest> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _goOn = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>All of it.</summary>
    public string Text => string.Concat(pieces);

    /// <summary>Ends when the first half of it was said: the request that it answers.</summary>
    public Task<ModelRequest> Held => _held.Task;

    /// <summary>How many of its pieces come before the stop.</summary>
    public int PiecesBefore => pieces.Length / 2;

    /// <summary>Lets it go on.</summary>
    public void GoOn() => _goOn.TrySetResult();

    public async IAsyncEnumerable<string> SayAsync(ModelRequest request, [EnumeratorCancellation] CancellationToken stop)
    {
        for (var i = 0; i < pieces.Length; i++)
        {
            if (i == PiecesBefore)
            {
                _held.TrySetResult(request);
                await _goOn.Task.WaitAsync(stop);
            }

            yield return pieces[i];
        }
    }
}
