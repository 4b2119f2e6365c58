using Conversations.Grains.Agents;
using Conversations.Grains.Sessions;
using Conversations.Grains.Tools;
using Conversations.History;
using Polly;

namespace Conversations.Grains.Turns;

/// <summary>
/// Lets the model summarise what is older than the agent's threshold. The summary is an output item of the turn like any other, on
/// disk before it is used, so that no later attempt makes it again. Without one the turn goes on as well, with its window.
/// </summary>
internal sealed class Compactor(Agent agent, SessionState state, LiveTurn live, SessionFlush flush, ModelPatience patience)
{
    // One try a turn: the caller waits for an answer, not for this.
    private readonly Agent _writer = agent with { Retry = ResiliencePipeline.Empty, Tools = ToolGrant.None };
    private bool _failed;

    /// <summary>Compacts the history if that is due.</summary>
    /// <exception cref="OperationCanceledException">The turn was stopped.</exception>
    public async Task CompactAsync(CancellationToken stop)
    {
        if (_failed || ContextWindow.CompactThrough(state.Window, agent, live.Turn.FirstSeq ?? 0) is not { } through) return;
        string summary;
        try
        {
            var old = CompactedHistory.Of(state.Window).Where(i => i.Seq <= through || i.Body is Compaction);
            summary = await Summary.WriteAsync(_writer, old, null, used => state.AddUsage(live.Active, used), patience, stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            live.CompactionFailure = e;
            summary = "";
        }

        _failed = summary.Length == 0;
        if (_failed) return;
        await live.Ready;
        await WholeItem.PutAsync(state, live, flush, new Compaction(summary, through));
    }
}
