using System.Runtime.CompilerServices;
using System.Text;
using Conversations.Client;
using Conversations.Client.OpenAI;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using Conversations.Unit.Tests.Client.Sessions;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Conversations.Unit.Tests.Client.OpenAI;

public sealed class EventStreamTests : IDisposable
{
    private static readonly SessionKey Key = SessionKey.Parse("acme/42");
    private readonly MemoryStream _body = new();
    private readonly DefaultHttpContext _http = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);

    public EventStreamTests() => _http.Response.Body = _body;

    [Fact]
    public async Task WriteAsync_WholeTurn_EndsWithDone()
    {
        await StreamOf(TimeSpan.FromMinutes(1)).WriteAsync(_http, Key, -1, stop => Events(null, stop));

        var frames = Written().Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("data: [DONE]", frames[^1]);
        Assert.StartsWith("event: response.created\n", frames[0], StringComparison.Ordinal);
        Assert.StartsWith("event: response.completed\n", frames[^2], StringComparison.Ordinal);
        Assert.StartsWith("text/event-stream", _http.Response.ContentType, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_Silence_KeepsTheConnectionAlive()
    {
        var silence = new TaskCompletionSource();

        var writing = StreamOf(TimeSpan.FromMilliseconds(10)).WriteAsync(_http, Key, -1, stop => Events(silence.Task, stop));
        while (!Written().Contains(": keep-alive\n\n", StringComparison.Ordinal)) await Task.Yield();
        silence.SetResult();
        await writing;

        Assert.EndsWith("data: [DONE]\n\n", Written(), StringComparison.Ordinal);
    }

    // A caller that comes back amid a turn may wait long for news: it learns at once that it is heard.
    [Theory]
    [InlineData(-1, false)]
    [InlineData(7, true)]
    public async Task WriteAsync_NothingYet_BeginsUnlessTheFirstEventIsThere(int after, bool begins)
    {
        var body = new FlushedBody();
        _http.Features.Set<IHttpResponseBodyFeature>(body);

        var writing = StreamOf(TimeSpan.FromMinutes(1)).WriteAsync(_http, Key, after, Nothing);
        Assert.Equal(begins, body.Flushed.Count > 0);
        _lifetime.StopApplication();
        await writing;

        static async IAsyncEnumerable<TurnEvent> Nothing([EnumeratorCancellation] CancellationToken stop)
        {
            await Task.Delay(Timeout.Infinite, stop);
            yield break;
        }
    }

    [Fact]
    public async Task HoldAsync_ComesSoon_LeavesTheAnswerOpen()
    {
        Assert.Equal(7, await StreamOf(TimeSpan.FromMinutes(1)).HoldAsync(_http, Task.FromResult(7)));
        await Assert.ThrowsAsync<RefusalException>(() => StreamOf(TimeSpan.FromMinutes(1)).HoldAsync(
            _http, Task.FromException<int>(new RefusalException(RefusalCode.SessionBusy, "busy"))));

        Assert.Null(_http.Response.ContentType);
        Assert.Empty(Written());
    }

    [Fact]
    public async Task HoldAsync_TakesLong_BeginsTheStreamThatThenGoesOn()
    {
        var before = new TaskCompletionSource<int>();
        var stream = StreamOf(TimeSpan.FromMilliseconds(10));

        var held = stream.HoldAsync(_http, before.Task);
        while (!Written().Contains(": keep-alive\n\n", StringComparison.Ordinal)) await Task.Yield();
        before.SetResult(7);
        Assert.Equal(7, await held);
        await stream.WriteAsync(_http, Key, -1, stop => Events(null, stop));

        Assert.StartsWith(": keep-alive\n\n", Written(), StringComparison.Ordinal);
        Assert.Contains("event: response.completed\n", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task FailAsync_RefusedAfterTheWait_EndsWithAnError()
    {
        await StreamOf(TimeSpan.FromMinutes(1)).FailAsync(_http, new RefusalException(RefusalCode.SessionBusy, "busy"));

        Assert.StartsWith("event: error\ndata: {\"type\":\"error\",\"sequence_number\":0,\"code\":\"conversation_locked\"", Written(), StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_RefusedMidway_EndsWithAnError()
    {
        var refusal = Task.FromException(new RefusalException(RefusalCode.TurnNotFound, "gone"));

        await StreamOf(TimeSpan.FromMinutes(1)).WriteAsync(_http, Key, -1, stop => Events(refusal, stop));

        Assert.Contains("event: error\ndata: {\"type\":\"error\",\"sequence_number\":1,\"code\":\"response_not_found\"", Written(), StringComparison.Ordinal);
        Assert.EndsWith("data: [DONE]\n\n", Written(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteAsync_ProcessStops_BreaksOff()
    {
        var never = new TaskCompletionSource();

        var writing = StreamOf(TimeSpan.FromMinutes(1)).WriteAsync(_http, Key, -1, stop => Events(never.Task, stop));
        _lifetime.StopApplication();
        await writing;

        Assert.DoesNotContain("[DONE]", Written(), StringComparison.Ordinal);
    }

    // Some clients lose a frame that comes in two pieces.
    [Fact]
    public async Task WriteAsync_EventsOfAnySizeAtAnyPace_AreFlushedAsWholeFrames() => await Gen.Select(Gen.Int[0, 40_000], Gen.Bool).Array[1, 30].SampleAsync(
        async pieces =>
        {
            var body = new FlushedBody();
            var http = new DefaultHttpContext();
            http.Features.Set<IHttpResponseBodyFeature>(body);

            await StreamOf(TimeSpan.FromMinutes(1)).WriteAsync(http, Key, -1, _ => Pieces());

            Assert.All(body.Flushed.Where(flushed => flushed.Length > 0), flushed => Assert.EndsWith("\n\n", flushed, StringComparison.Ordinal));
            Assert.Equal(pieces.Length + 1, string.Concat(body.Flushed).Split("\n\n", StringSplitOptions.RemoveEmptyEntries).Length);

            async IAsyncEnumerable<TurnEvent> Pieces()
            {
                foreach (var ((length, waits), i) in pieces.Select((piece, i) => (piece, i)))
                {
                    if (waits) await Task.Yield();
                    yield return new Delta(i, 0, new ItemId(ATurn.Id, 0, 1), DeltaKind.Text, new string('ä', length));
                }
            }
        },
        iter: 100);

    [Fact]
    public async Task WriteAsync_CallerReadsNothing_TakesNoMoreEventsThanTheBuffersHold()
    {
        const int Length = 1_000;
        const int WrittenBeforeAFlush = 16 * 1024;
        var body = new UnreadBody();
        _http.Features.Set<IHttpResponseBodyFeature>(body);
        var taken = 0;

        var writing = StreamOf(TimeSpan.FromMinutes(1)).WriteAsync(_http, Key, -1, _ => Endless());
        await body.Full;
        var kept = taken;
        Assert.InRange(kept, 1, (UnreadBody.Holds + WrittenBeforeAFlush) / Length + 1);
        await body.ReadAllAsync();
        while (taken == kept) await Task.Yield();
        _lifetime.StopApplication();
        await writing;

        async IAsyncEnumerable<TurnEvent> Endless()
        {
            await Task.CompletedTask;
            while (true) yield return new Delta(taken++, 0, new ItemId(ATurn.Id, 0, 1), DeltaKind.Text, new string('.', Length));
        }
    }

    public void Dispose() => _body.Dispose();

    private static async IAsyncEnumerable<TurnEvent> Events(Task? pause, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var stream = ATurn.Stream(ATurn.Ended(TurnStatus.Completed, "a"), ATurn.Said(0, 2, "Hello"));
        yield return stream[0];
        if (pause is not null) await pause.WaitAsync(cancellationToken);
        foreach (var next in stream.Skip(1)) yield return next;
    }

    private EventStream StreamOf(TimeSpan keepAlive) => new(
        Options.Create(new GatewayOptions { KeepAlive = keepAlive }), (IHostApplicationLifetime)_lifetime, TimeProvider.System, NullLogger<EventStream>.Instance);

    private string Written() => Encoding.UTF8.GetString(_body.ToArray());
}
