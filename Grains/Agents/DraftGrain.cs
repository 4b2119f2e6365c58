using System.Collections.Immutable;
using Conversations.Agents;
using Conversations.Grains.Limits;
using Conversations.Grains.Sessions;
using Conversations.Grains.Tools;
using Conversations.Grains.Turns;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Conversations.Grains.Agents;

/// <inheritdoc cref="IDraftGrain"/>
[StatelessWorker, Reentrant, GrainType("drafts")]
internal sealed partial class DraftGrain(
    AgentCatalog agents, ILineageReader lineage, TurnSlots slots, TenantSeats seats, IOptions<SessionOptions> bounds, TimeProvider time, ILogger<DraftGrain> log)
    : Grain, IDraftGrain
{
    public async Task<int> CountAsync(Draft draft, CancellationToken cancellationToken)
    {
        var agent = agents.Get(draft.Options.Agent);
        var tools = ToolBox.For(agent, draft.Options);
        var history = await HistoryAsync(agent, draft, cancellationToken);
        await agent.Tools.ReadyAsync(cancellationToken);
        return PromptSize.Of(agent, draft.Options, tools, ContextWindow.Newest(history, agent.Window));
    }

    public async Task<Compacted> CompactAsync(Draft draft, CancellationToken cancellationToken)
    {
        var agent = agents.Get(draft.Options.Agent);
        var history = CompactedHistory.Of(await HistoryAsync(agent, draft, cancellationToken));
        if (!seats.TryTake(draft.Tenant))
        {
            throw new RefusalException(RefusalCode.TooMany, "As many of your conversations are being answered as may be at once: try again when one of them has ended.");
        }

        try
        {
            using var place = await slots.EnterAsync(cancellationToken);
            return await CompactAsync(agent, draft.Options.Instructions, history, cancellationToken);
        }
        finally
        {
            seats.Leave(draft.Tenant);
        }
    }

    private async Task<Compacted> CompactAsync(Agent agent, string? instructions, IReadOnlyList<Item> history, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(bounds.Value.TurnDeadlineSeconds), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        var (summary, usage, error) = ("", new Usage(0, 0), null as TurnError);
        try
        {
            summary = await Summary.WriteAsync(
                agent with { Tools = ToolGrant.None }, history, instructions, used => usage += used, ModelPatience.Of(agent, bounds.Value, time), both.Token);
            if (summary.Length == 0) error = new TurnError("compaction_failed", $"The model of agent '{agent.Name}' wrote no summary: try again later.");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            error = new TurnError("turn_timeout", $"The summary was not there within {bounds.Value.TurnDeadlineSeconds} seconds.");
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // What a provider answers may quote what people wrote.
            LogModelFailed(log, failure.GetType().Name, failure.InnerException?.GetType().Name);
            error = ModelFailure.Describe(agent, failure);
        }

        return new Compacted([.. history.Select(i => i.Body).OfType<Message>().Where(m => m.Role == Role.User)], new Compaction(summary), usage, error);
    }

    // What is on disk and ended, and behind it what the draft brings.
    private async Task<IReadOnlyList<Item>> HistoryAsync(Agent agent, Draft draft, CancellationToken cancellationToken)
    {
        Acceptance.CheckSize(draft.Input, draft.Options, bounds.Value);
        AgentInput.Check(agent, draft.Input);
        var before = draft.After is { } place ? await ReadAsync(draft, place, cancellationToken) : [];
        var seq = before is [.., var last] ? last.Seq + 1 : 0;
        return [.. before, .. draft.Input.Select((body, i) => new Item(seq + i, new ItemId(default, 0, i), ItemStatus.Completed, body))];
    }

    private async Task<ImmutableArray<Item>> ReadAsync(Draft draft, ForkFrom place, CancellationToken cancellationToken)
    {
        try
        {
            var origin = await lineage.FindForkAsync(draft.Tenant, place, ContextWindow.MostItems, cancellationToken);
            if (origin.Turn is { Options.Store: false }) throw new RefusalException(RefusalCode.TurnNotFound, "There is no such response.", "previous_response_id");
            Acceptance.CheckOrigin(origin, place);
            return origin.Window;
        }
        catch (RefusalException refusal) when (draft.MakesSession && refusal.Code == RefusalCode.SessionNotFound)
        {
            return [];
        }
    }
}
