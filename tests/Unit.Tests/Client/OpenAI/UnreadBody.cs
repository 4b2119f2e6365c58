using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace Conversations.Unit.Tests.Client.OpenAI;

/// <summary>The body of a response whose caller reads nothing until told to, behind a server's response buffer of the usual size.</summary>
internal sealed class UnreadBody : PipeWriter, IHttpResponseBodyFeature
{
    /// <summary>Kestrel's default.</summary>
    public const int Holds = 64 * 1024;

    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: Holds, resumeWriterThreshold: Holds / 2, useSynchronizationContext: false));
    private readonly TaskCompletionSource _full = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends when a flush has had to wait for the caller.</summary>
    public Task Full => _full.Task;

    public Stream Stream => AsStream();

    public PipeWriter Writer => this;

    public override bool CanGetUnflushedBytes => true;

    public override long UnflushedBytes => _pipe.Writer.UnflushedBytes;

    /// <summary>Reads all that is there.</summary>
    public async Task ReadAllAsync() => _pipe.Reader.AdvanceTo((await _pipe.Reader.ReadAsync()).Buffer.End);

    public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
    {
        var flushed = _pipe.Writer.FlushAsync(cancellationToken);
        if (!flushed.IsCompleted) _full.TrySetResult();
        return flushed;
    }

    public override void Advance(int bytes) => _pipe.Writer.Advance(bytes);

    public override Memory<byte> GetMemory(int sizeHint = 0) => _pipe.Writer.GetMemory(sizeHint);

    public override Span<byte> GetSpan(int sizeHint = 0) => _pipe.Writer.GetSpan(sizeHint);

    public override void CancelPendingFlush() => _pipe.Writer.CancelPendingFlush();

    public override void Complete(Exception? exception = null) => _pipe.Writer.Complete(exception);

    public void DisableBuffering()
    {
    }

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task CompleteAsync() => Task.CompletedTask;
}
