using System.Collections.Immutable;
using System.Threading.Channels;
using Conversations.Grains.Sessions;
using Conversations.Journal.Rows;
using Conversations.Sessions;

namespace Conversations.Unit.Tests.Grains.Sessions;

public sealed class SessionFlushTests
{
    // For a flush that hangs, which is what these tests are to find.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly SessionState _state = new();
    private readonly Channel<TaskCompletionSource> _begun = Channel.CreateUnbounded<TaskCompletionSource>();
    private readonly List<SessionDelta> _written = [];
    private readonly List<Exception> _failures = [];
    private readonly SessionFlush _flush;

    public SessionFlushTests()
    {
        _flush = new SessionFlush(_state, WriteAsync, _failures.Add);
        _state.Create(DateTimeOffset.UnixEpoch);
    }

    [Fact]
    public async Task FlushAsync_NothingChanged_WritesNothing()
    {
        var flush = new SessionFlush(new SessionState(), WriteAsync, _failures.Add);

        await flush.FlushAsync();

        Assert.Empty(_written);
    }

    [Fact]
    public async Task FlushAsync_CallersDuringAWrite_ShareTheNextOne()
    {
        var first = _flush.FlushAsync();
        var write = await BegunAsync();
        Note("1");
        var second = _flush.FlushAsync();
        Note("2");
        var third = _flush.FlushAsync();
        Assert.Single(_written);
        Assert.Empty(_written[0].Data!.Metadata!);

        write.SetResult();
        await first.WaitAsync(Patience);
        write = await BegunAsync();

        Assert.False(second.IsCompleted || third.IsCompleted);
        Assert.Equal("2", _written[1].Data!.Metadata!["note"]);
        write.SetResult();
        await Task.WhenAll(second, third).WaitAsync(Patience);
        Assert.Equal(2, _written.Count);
        Assert.False(_state.IsDirty);
    }

    [Fact]
    public async Task FlushAsync_CallerWithoutAChangeDuringAWrite_WaitsForItAndWritesNothingMore()
    {
        var first = _flush.FlushAsync();
        var write = await BegunAsync();

        var second = _flush.FlushAsync();
        Assert.False(second.IsCompleted);
        write.SetResult();
        await Task.WhenAll(first, second).WaitAsync(Patience);

        Assert.Single(_written);
    }

    [Fact]
    public async Task FlushAsync_ChangeAfterTheLastWrite_IsWrittenByTheNextCall()
    {
        var first = _flush.FlushAsync();
        (await BegunAsync()).SetResult();
        await first.WaitAsync(Patience);

        Note("1");
        var second = _flush.FlushAsync();
        (await BegunAsync()).SetResult();
        await second.WaitAsync(Patience);

        Assert.Equal("1", _written[1].Data!.Metadata!["note"]);
    }

    [Fact]
    public async Task FlushAsync_WriteFails_EveryWaiterGetsARetryAndNothingIsWrittenAgain()
    {
        var first = _flush.FlushAsync();
        var write = await BegunAsync();
        Note("1");
        var second = _flush.FlushAsync();
        var fault = new InvalidOperationException("the wire broke");

        write.SetException(fault);

        await Assert.ThrowsAsync<RetryException>(() => first.WaitAsync(Patience));
        await Assert.ThrowsAsync<RetryException>(() => second.WaitAsync(Patience));
        await Assert.ThrowsAsync<RetryException>(_flush.FlushAsync);
        Assert.True(_flush.HasFailed);
        Assert.Equal([fault], _failures);
        Assert.Single(_written);
    }

    [Fact]
    public async Task FlushAsync_WriteFails_TheFaultSaysNothingOfTheDatabase()
    {
        var flush = new SessionFlush(_state, () => throw new InvalidOperationException("Password=secret"), _failures.Add);

        var fault = await Assert.ThrowsAsync<RetryException>(flush.FlushAsync);

        Assert.DoesNotContain("secret", fault.ToString(), StringComparison.Ordinal);
        Assert.Single(_failures);
        Assert.True(flush.HasFailed);
    }

    [Fact]
    public async Task FlushAsync_WriteThatEndsAtOnce_IsDoneWhenItReturns()
    {
        var writes = 0;
        var flush = new SessionFlush(_state, () => { writes++; return Task.CompletedTask; }, _failures.Add);

        await flush.FlushAsync();
        Note("1");
        await flush.FlushAsync();

        Assert.Equal((2, false), (writes, _state.IsDirty));
    }

    private void Note(string note) => _state.SetMetadata(ImmutableSortedDictionary<string, string>.Empty.Add("note", note));

    private Task<TaskCompletionSource> BegunAsync() => _begun.Reader.ReadAsync().AsTask().WaitAsync(Patience);

    private Task WriteAsync()
    {
        _written.Add(_state.Flushing);
        var write = new TaskCompletionSource();
        Assert.True(_begun.Writer.TryWrite(write));
        return write.Task;
    }
}
