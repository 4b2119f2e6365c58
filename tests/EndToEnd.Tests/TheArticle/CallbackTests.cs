using Conversations.EndToEnd.Tests.Callers;

namespace Conversations.EndToEnd.Tests.TheArticle;

/// <summary>"Callbacks mistaken for persistence": what is kept must not depend on somebody listening.</summary>
[Collection(RunningClusterGroup.Name)]
public sealed class CallbackTests(RunningCluster cluster)
{
    [Fact]
    public async Task Turn_WhoseCallerHangsUpForEver_EndsAndIsKept()
    {
        var session = RunningCluster.NewSession();
        var held = cluster.Script.Hold(session);
        using (var stream = await cluster.Caller().StreamAsync(session, $"Tell {session}")) await stream.DeltasAsync(2);
        held.GoOn();

        var transcript = await Deadline.UntilAsync(() => cluster.Caller(1).TranscriptAsync(session), items => items.Count == 2);

        Assert.Equal([$"user: Tell {session}", $"assistant: {held.Text}"], transcript);
        Assert.False((await held.Held).Abandoned.IsCompleted, "The model call was broken off.");
    }
}
