using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.Streams;

/// <summary>The gateway goes while it streams; the caller goes on through another.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class GatewayDeathTests(RunningCluster cluster)
{
    [Fact]
    public async Task Stream_GatewayKilled_ResumesThroughTheOtherWithExactlyTheRest()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        using var broken = await cluster.Caller(0).StreamAsync(session, $"Tell {session}");
        var last = await broken.DeltasAsync(held.PiecesBefore);
        var gateway = cluster.Processes.Gateways[0];
        await gateway.KillAsync();
        try
        {
            using var rest = await cluster.Caller(1).ResumeAsync(broken.Id, last.Number);
            held.GoOn();
            var after = await rest.ToEndAsync();
            using var replay = await cluster.Caller(1).ResumeAsync(broken.Id);
            var whole = await replay.ToEndAsync();

            Assert.Equal(last.Number + 1, after[0].Number);
            StreamRules.AssertCompleted([.. broken.Seen, .. after], held.Text);
            Assert.Equal(whole.Select(e => e.Frame), broken.Seen.Concat(after).Select(e => e.Frame));
            Assert.Equal([$"user: Tell {session}", $"assistant: {held.Text}"], await cluster.Caller(1).TranscriptAsync(session));
        }
        finally
        {
            await RunningCluster.ReviveAsync(gateway);
        }
    }

    [Fact]
    public async Task Stream_GatewayStops_BreaksOffAndCanBeResumed()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        using var broken = await cluster.Caller(0).StreamAsync(session, $"Tell {session}");
        var last = await broken.DeltasAsync(held.PiecesBefore);
        var gateway = cluster.Processes.Gateways[0];
        await gateway.TerminateAsync();
        try
        {
            held.GoOn();
            using var rest = await cluster.Caller(1).ResumeAsync(broken.Id, last.Number);

            await Assert.ThrowsAnyAsync<IOException>(broken.ToEndAsync);
            StreamRules.AssertCompleted([.. broken.Seen, .. await rest.ToEndAsync()], held.Text);
        }
        finally
        {
            await RunningCluster.ReviveAsync(gateway);
        }
    }
}
