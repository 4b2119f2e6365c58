using Conversations.Grains.Sessions;
using Conversations.Grains.Turns;
using Conversations.Unit.Tests.Journal.Replay;

namespace Conversations.Unit.Tests.Grains.Turns;

public sealed class LiveTurnTests
{
    [Fact]
    public void Stop_Twice_KeepsTheFirstReason()
    {
        using var live = new LiveTurn(new ActiveTurn(MadeUpTurn.Empty, []));
        var stopping = live.Stopping;

        live.Stop("cancelled");
        live.Stop("deadline");

        Assert.Equal("cancelled", live.StopReason);
        Assert.True(stopping.IsCancellationRequested);
    }

    [Fact]
    public void Stopping_AskedForAfterTheStop_IsCancelled()
    {
        using var live = new LiveTurn(new ActiveTurn(MadeUpTurn.Empty, []));
        live.Stop("cancelled");

        Assert.True(live.Stopping.IsCancellationRequested);
    }
}
