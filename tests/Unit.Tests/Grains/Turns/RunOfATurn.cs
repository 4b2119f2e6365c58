using Conversations.Grains.Agents;
using Conversations.Grains.Sessions;
using Conversations.Grains.Tools;
using Conversations.Grains.Turns;
using Conversations.History;
using Conversations.Journal.Replay;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Unit.Tests.Grains.Turns;

/// <summary>One turn of a session in memory, run by the real runner.</summary>
internal sealed class RunOfATurn
{
    private static readonly SessionKey Key = SessionKey.Parse("t/s");

    public RunOfATurn(Agent agent, TimeProvider time, SessionOptions? bounds = null, SessionState? state = null, TurnOptions? options = null)
    {
        State = state ?? new SessionState();
        State.Create(time.GetUtcNow());
        var request = new TurnRequest
        {
            Id = new TurnId(Guid.NewGuid()),
            Fingerprint = new byte[] { 1 },
            Input = [new Message(Role.User, [new InputText("Tell me")])],
            Options = options ?? new TurnOptions(),
        };
        Live = new LiveTurn(State.Enqueue(request, request.Options, time.GetUtcNow()));
        State.StartNext(time.GetUtcNow());
        Live.Stream.Publish(TurnReplay.Beginning(Live.Turn));
        Flush = new SessionFlush(State, WriteAsync, e => throw e);
        Runner = new TurnRunner(
            Key, agent, ToolBox.For(agent, request.Options), State, Live, Flush, bounds ?? new SessionOptions(), time);
    }

    public SessionState State { get; }

    public LiveTurn Live { get; }

    public SessionFlush Flush { get; }

    public TurnRunner Runner { get; }

    /// <summary>How many writes there were.</summary>
    public int Writes { get; private set; }

    /// <summary>The words that watchers saw.</summary>
    public string Shown => string.Concat(Live.Stream.Read(-1).OfType<Delta>().Select(d => d.Text));

    public Task<TurnOutcome> RunAsync() => Runner.RunAsync(Live.Stopping);

    private Task WriteAsync()
    {
        Writes++;
        return Task.CompletedTask;
    }
}
