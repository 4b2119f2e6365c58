using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Conversations.Unit.Tests.Client.OpenAI;

/// <summary>A response's body that keeps what was sent at each flush.</summary>
internal sealed class FlushedBody : IHttpResponseBodyFeature
{
    private readonly Notes _notes = new();

    public IReadOnlyList<string> Flushed => _notes.Flushed;

    public Stream Stream => throw new NotSupportedException();

    public PipeWriter Writer => _notes;

    public Task StartAsync(CancellationToken cancellationToken = default) => Task.CompletedTask;

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task CompleteAsync() => Task.CompletedTask;

    public void DisableBuffering()
    {
    }

    private sealed class Notes : PipeWriter
    {
        private readonly ArrayBufferWriter<byte> _pending = new();

        public List<string> Flushed { get; } = [];

        public override bool CanGetUnflushedBytes => true;

        public override long UnflushedBytes => _pending.WrittenCount;

        public override void Advance(int bytes) => _pending.Advance(bytes);

        public override Memory<byte> GetMemory(int sizeHint = 0) => _pending.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => _pending.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default)
        {
            Flushed.Add(Encoding.UTF8.GetString(_pending.WrittenSpan));
            _pending.Clear();
            return new ValueTask<FlushResult>(new FlushResult(isCanceled: false, isCompleted: false));
        }

        public override void CancelPendingFlush()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }
    }
}
