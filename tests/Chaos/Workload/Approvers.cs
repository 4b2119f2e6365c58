using System.Collections.Concurrent;
using System.Threading.Channels;
using Conversations.Checker.Evidence;

namespace Conversations.Chaos.Workload;

/// <summary>
/// People of one tenant who do not talk, but are asked whether a call may be made; through whatever gateway they answer. Now and then
/// two of them answer the same, or one of them the contrary.
/// </summary>
internal sealed class Approvers
{
    private readonly Channel<(Say Say, string CallId)> _asked = Channel.CreateUnbounded<(Say, string)>();
    private readonly ConcurrentDictionary<string, bool> _known = new();

    /// <summary>Asks them; once is enough. Thread-safe.</summary>
    public void Ask(Say say, string callId)
    {
        if (_known.TryAdd(callId, true)) _asked.Writer.TryWrite((say, callId));
    }

    /// <summary>Nobody will ask any more.</summary>
    public void Close() => _asked.Writer.TryComplete();

    /// <summary>One of them at work, until nobody asks any more.</summary>
    public async Task WorkAsync(Caller caller, GrpcCaller grpc, Random random, CancellationToken stop)
    {
        await foreach (var (say, callId) in _asked.Reader.ReadAllAsync(stop))
        {
            await Task.Delay(random.Next(1_500), stop);
            if (random.Next(6) == 0) _asked.Writer.TryWrite((say, callId));
            var approve = random.Next(3) > 0;
            await (say.Way == "run" ? grpc.ResolveAsync(say.Session, say.Response!, callId, approve, stop) : caller.ResolveAsync(say, callId, approve, stop));
        }
    }
}
