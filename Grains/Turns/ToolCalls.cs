using Conversations.Grains.Sessions;
using Conversations.Grains.Tools;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;

namespace Conversations.Grains.Turns;

/// <summary>
/// The function calls of one attempt at a turn. Each call is on disk before it is made, each result before the model sees it; a result
/// on disk is never fetched again.
/// </summary>
internal sealed class ToolCalls(
    SessionKey key, ToolBox tools, SessionState state, LiveTurn live, SessionFlush flush, SessionOptions bounds, TimeProvider time)
{
    /// <summary>Whether the model wants functions called, the unfinished item included.</summary>
    public bool Asked(OpenItem? last) => last?.Call is not null || SessionState.OpenCalls(live.Active).Any();

    /// <summary>Whether all of them are the caller's to call.</summary>
    public bool AllCallers(OpenItem? last) =>
        (last?.Call is null || tools.IsCallers(last.Call.Name)) && SessionState.OpenCalls(live.Active).All(c => tools.IsCallers(c.Name));

    /// <summary>Makes every call that can be made here, and takes the answers of people meanwhile.</summary>
    /// <returns>How the turn ends or parks; null: it goes on with the model.</returns>
    public async Task<TurnOutcome?> SettleAsync(CancellationToken stop)
    {
        var overBound = false;
        var running = new Dictionary<string, Task<ItemBody>>(StringComparer.Ordinal);
        while (true)
        {
            var (waits, callers) = (false, false);
            var beyond = BeyondBound();
            foreach (var call in SessionState.OpenCalls(live.Active).Where(c => !running.ContainsKey(c.CallId)).ToList())
            {
                var isOver = beyond.Contains(call.CallId);
                overBound |= isOver;
                if (tools.IsCallers(call.Name)) callers = true;
                else if ((isOver ? Result(call, ToolRun.OverBound) : Begin(call, stop)) is { } result) running.Add(call.CallId, result);
                else waits = true;
            }

            // Of what an earlier life left open nobody knows whether it was begun; of what comes later we do.
            live.IsUncertain = false;
            if (running.Count == 0 && live.Answers.IsEmpty)
            {
                if (waits) return TurnOutcome.Parked;
                if (overBound) return new TurnOutcome(TurnStatus.Incomplete, null, "max_tool_calls", null);
                return callers ? new TurnOutcome(TurnStatus.Completed, null, null, null, LeavesCallsOpen: true) : null;
            }

            await Task.WhenAny([.. running.Values, live.Answers.Arrived]).WaitAsync(stop);
            foreach (var answer in live.Answers.Take().Where(a => AnswerTo(a.CallId) is null)) await WholeItem.PutAsync(state, live, flush, answer);
            foreach (var (callId, done) in running.Where(r => r.Value.IsCompleted).ToList())
            {
                running.Remove(callId);
                await WholeItem.PutAsync(state, live, flush, await done);
            }
        }
    }

    // By their order in the turn, whatever became of the calls before them.
    private HashSet<string> BeyondBound() => live.Active.Output.Select(i => i.Body).OfType<FunctionCall>()
        .Where(c => !tools.IsCallers(c.Name))
        .Select(c => c.CallId)
        .Distinct(StringComparer.Ordinal)
        .Skip(Math.Min(live.Turn.Options.MaxToolCalls ?? int.MaxValue, bounds.ToolCalls))
        .ToHashSet(StringComparer.Ordinal);

    private ApprovalResponse? AnswerTo(string callId) =>
        live.Active.Output.Select(i => i.Body).OfType<ApprovalResponse>().LastOrDefault(r => r.CallId == callId);

    // Null: it waits for a person, and the request is there.
    private Task<ItemBody>? Begin(FunctionCall call, CancellationToken stop)
    {
        if (tools.FindOwn(call.Name) is not { } tool) return Result(call, $"Error: there is no function named '{call.Name}'.");
        var answer = AnswerTo(call.CallId);
        if (tool.NeedsApproval && answer is null)
        {
            var asked = live.Active.Output.Any(i => i.Body is ApprovalRequest request && request.CallId == call.CallId);
            return asked ? null : Task.FromResult<ItemBody>(new ApprovalRequest(call.CallId, call.Name, call.Arguments));
        }

        if (answer is { Approve: false })
        {
            return Result(call, answer.Reason is null ? "Error: a person did not approve this call." : $"Error: a person did not approve this call: {answer.Reason}");
        }

        return live.IsUncertain && !tool.IsIdempotent ? Result(call, ToolRun.UnknownOutcome) : RunAsync(tool, call, stop);
    }

    private async Task<ItemBody> RunAsync(Tool tool, FunctionCall call, CancellationToken stop) =>
        new FunctionCallOutput(call.CallId, await ToolRun.RunAsync(tool, key, live.Turn.Id, call, bounds.ToolResultLength, time, stop));

    private static Task<ItemBody> Result(FunctionCall call, string text) => Task.FromResult<ItemBody>(new FunctionCallOutput(call.CallId, text));
}
