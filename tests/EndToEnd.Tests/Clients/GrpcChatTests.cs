using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;
using Conversations.Launcher.Processes;

namespace Conversations.EndToEnd.Tests.Clients;

/// <summary>The sample <c>docs/samples/grpc-chat</c>, as a person runs it.</summary>
[Collection(SmallClusterGroup.Name)]
public sealed class GrpcChatTests(SmallCluster cluster)
{
    [Fact]
    public async Task Chat_GatewayKilledInTheMiddle_ShowsTheWholeAnswerOnceAndRemembers()
    {
        var held = Hold("one");
        var session = RunningCluster.NewSession();
        using var chat = await GrpcChatProcess.StartAsync(Grpc, session);
        await chat.SayAsync("one");
        await chat.ShowsAsync(" and");
        var gateway = cluster.Processes.Gateways[0];
        await gateway.KillAsync();
        held.GoOn();
        await RunningCluster.ReviveAsync(gateway);
        await chat.ShowsAsync("should.\n");
        await chat.SayAsync("two");
        await chat.ShowsAsync("echo: two\n");

        Assert.Equal($"{held.Text}\necho: two\n", chat.Shown);
        Assert.Equal(["user: one", $"assistant: {held.Text}", "user: two", "assistant: echo: two"], await cluster.Caller().TranscriptAsync(session));
    }

    [Fact]
    public async Task Chat_Interrupted_CancelsTheTurnAndGoesOn()
    {
        var held = Hold("one");
        using var chat = await GrpcChatProcess.StartAsync(Grpc, RunningCluster.NewSession());
        await chat.SayAsync("one");
        var model = await held.Held.WaitAsync(Deadline.Length);
        await chat.ShowsAsync(" and");
        Assert.True(Signal.Interrupt.SendTo(chat.Pid));

        await chat.ShowsAsync(" [cancelled: cancelled]\n");
        await model.Abandoned.WaitAsync(Deadline.Length);
        await chat.SayAsync("two");
        await chat.ShowsAsync("echo: two\n");
    }

    [Fact]
    public async Task Chat_PastItsDeadline_SaysThatTheTurnRunsOn()
    {
        var held = Hold("one");
        var session = RunningCluster.NewSession();
        using var chat = await GrpcChatProcess.StartAsync(Grpc, session, "3");
        await chat.SayAsync("one");

        await chat.ShowsAsync("runs on]\n");
        held.GoOn();
        await Deadline.UntilAsync(() => cluster.Caller().TranscriptAsync(session), transcript => transcript.Contains($"assistant: {held.Text}"));
    }

    private Uri Grpc => cluster.Processes.Gateways[0].GrpcUrl;

    private HeldReply Hold(string said)
    {
        var script = new Script();
        cluster.Model.Reply(script.Answer);
        return script.Hold(said);
    }
}
