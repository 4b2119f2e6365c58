using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Conversations.Turns;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace Conversations.Client.Grpc;

/// <summary>The gRPC service: reads wishes, hands them to the sessions, writes answers. The tenant is the caller's, never the wish's.</summary>
internal sealed class ConversationsService(
    ISessions sessions,
    [FromKeyedServices(PatientJournal.Key)] IJournalReader journal,
    ISessionEventReader sessionEvents,
    AgentNames agents,
    GrpcRequests requests,
    GrpcRuns runs,
    GrpcDrafts drafts,
    References references,
    ShardMap shards)
    : V1.Conversations.ConversationsBase
{
    private const int DefaultPage = 20;
    private const int LargestPage = 100;
    private const int LongestReason = 4096;

    public override async Task<V1.Session> CreateOrGet(V1.CreateOrGetRequest request, ServerCallContext context)
    {
        var isUnnamed = request.SessionId.Length == 0;
        var key = isUnnamed ? context.NewSession(request.IdempotencyKey) : context.Session(request.SessionId);
        var metadata = GrpcRules.Metadata(request.Metadata, "metadata");
        var session = isUnnamed || MintedId.IsMadeOnUse(key)
            ? await sessions.CreateOrGetAsync(key, metadata, wish: null, context.CancellationToken)
            : await FindAsync(key, context);
        context.ShowSilo(session.Silo);
        return GrpcTurns.Write(session);
    }

    public override async Task<V1.Session> GetSession(V1.GetSessionRequest request, ServerCallContext context)
    {
        var session = await FindAsync(context.Session(request.SessionId), context);
        context.ShowSilo(session.Silo);
        return GrpcTurns.Write(session);
    }

    public override async Task<V1.ListSessionsResponse> ListSessions(V1.ListSessionsRequest request, ServerCallContext context)
    {
        var newestFirst = request.Order switch
        {
            V1.SessionOrder.Unspecified or V1.SessionOrder.NewestFirst => true,
            V1.SessionOrder.OldestFirst => false,
            _ => throw new RefusalException(RefusalCode.Invalid, "'order' must be NEWEST_FIRST or OLDEST_FIRST.", "order"),
        };
        var after = request.After.Length == 0 ? null : request.After;
        var metadata = GrpcRules.Metadata(request.Metadata, "metadata");
        var limit = ReadLimit(request.HasLimit ? request.Limit : null);
        var page = await journal.ListSessionsAsync(context.Tenant(), after, newestFirst, limit, metadata, context.CancellationToken);
        var answer = new V1.ListSessionsResponse { HasMore = page.HasMore };
        answer.Sessions.AddRange(page.Sessions.Select(GrpcTurns.Write));
        return answer;
    }

    public override async Task<V1.Session> Fork(V1.ForkRequest request, ServerCallContext context)
    {
        var metadata = GrpcRules.Metadata(request.Metadata, "metadata");
        var (fork, from) = GrpcRequests.Read(context.Session(request.SessionId), request, shards);
        var isNamedByKey = request.IdempotencyKey.Length > 0 && request.NewSessionId.Length == 0;
        try
        {
            var session = await sessions.ForkAsync(fork, from, metadata, isNamedByKey ? Fingerprint.Of(metadata, from) : null, context.CancellationToken);
            context.ShowSilo(session.Silo);
            return GrpcTurns.Write(session);
        }
        catch (RefusalException refusal) when (refusal.Code == RefusalCode.SessionExists && request.NewSessionId.Length == 0)
        {
            throw new RefusalException(
                RefusalCode.KeyReused, "This idempotency key was used for another fork: choose a new key for a new one.", "idempotency_key");
        }
    }

    public override async Task<V1.Session> SetMetadata(V1.SetMetadataRequest request, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        var metadata = GrpcRules.Metadata(request.Metadata, "metadata");
        var session = await sessions.SetMetadataAsync(key, metadata, context.CancellationToken);
        context.ShowSilo(session.Silo);
        return GrpcTurns.Write(session);
    }

    public override Task<V1.SubmitResponse> Submit(V1.TurnRequest request, ServerCallContext context) => runs.SubmitAsync(request, context);

    public override Task Run(V1.TurnRequest request, IServerStreamWriter<V1.Event> responseStream, ServerCallContext context) =>
        runs.RunAsync(request, responseStream, context);

    public override async Task Watch(V1.WatchRequest request, IServerStreamWriter<V1.Event> responseStream, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        var after = GrpcRules.AtLeast(request.HasAfter ? request.After : null, 0, "after") ?? -1;
        var found = await FindAsync(key, GrpcRequests.ReadTurnId(request.TurnId, "turn_id"), context);
        await runs.ShowAsync(key, found.Turn, after, responseStream, context);
    }

    public override async Task WatchSession(
        V1.WatchSessionRequest request, IServerStreamWriter<V1.SessionEvent> responseStream, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        context.ShowSilo((await FindAsync(key, context)).Silo);
        var after = SessionCursor.Start;
        if (request.After.Length > 0)
        {
            var end = await sessionEvents.FindEndAsync(key, context.CancellationToken) ?? throw NoSession();
            if (request.After == "latest") after = end;
            else if (!SessionCursor.TryParse(request.After, out after) || after.IsAfter(end))
            {
                throw new RefusalException(RefusalCode.Invalid, "'after' must be the place of an event of this session, VERSION.INDEX, or 'latest'.", "after");
            }
        }

        var turns = new GrpcSessionEvents(key);
        await foreach (var e in sessions.FollowSessionAsync(key, after, context.CancellationToken))
        {
            await responseStream.WriteAsync(turns.Write(e), context.CancellationToken);
        }
    }

    public override async Task<V1.TurnSnapshot> GetTurn(V1.GetTurnRequest request, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        return GrpcTurns.Write(key, await FindAsync(key, GrpcRequests.ReadTurnId(request.TurnId, "turn_id"), context));
    }

    public override async Task<V1.ListItemsResponse> ListItems(V1.ListItemsRequest request, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        var limit = ReadLimit(request.HasLimit ? request.Limit : null);
        var newestFirst = request.Order switch
        {
            V1.ItemOrder.Unspecified or V1.ItemOrder.OldestFirst => false,
            V1.ItemOrder.NewestFirst => true,
            _ => throw new RefusalException(RefusalCode.Invalid, "'order' must be OLDEST_FIRST or NEWEST_FIRST.", "order"),
        };
        ItemId? after = request.After.Length == 0
            ? null
            : GrpcRequests.ReadItemId(request.After, "after", RefusalCode.Invalid);
        var page = await journal.ListItemsAsync(key, after, newestFirst, limit, context.CancellationToken) ?? throw NoSession();
        context.ShowSilo(page.Silo);
        var answer = new V1.ListItemsResponse { HasMore = page.HasMore };
        answer.Items.AddRange(page.Items.Select(GrpcItems.Write));
        return answer;
    }

    public override async Task<V1.Item> GetItem(V1.GetItemRequest request, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        var id = GrpcRequests.ReadItemId(request.ItemId, "item_id");
        context.ShowSilo((await FindAsync(key, context)).Silo);
        return await journal.FindItemAsync(key, id, context.CancellationToken) is { Body: not null } found
            ? GrpcItems.Write(found)
            : throw new RefusalException(RefusalCode.ItemNotFound, "There is no such item in this session.", "item_id");
    }

    public override async Task<V1.AppendItemsResponse> AppendItems(V1.AppendItemsRequest request, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        var items = await references.ResolveAsync(key, GrpcInput.Read(request.Items, "items"), context.CancellationToken);
        var turn = requests.Read(key, request, items, context.RequestId());
        context.Concerns(turn);
        var submitted = await sessions.SubmitAsync(key, turn, context.CancellationToken);
        context.ShowSilo(submitted.Silo);
        await sessions.ResultAsync(key, submitted.Turn.Id, context.CancellationToken);
        var found = await FindAsync(key, submitted.Turn.Id, context);
        var answer = new V1.AppendItemsResponse { Turn = GrpcTurns.Write(key, found.Turn) };
        answer.Items.AddRange(found.Input.Where(item => item.Seq >= 0).Select(GrpcItems.Write));
        return answer;
    }

    public override async Task<V1.TurnSnapshot> Cancel(V1.CancelRequest request, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        var turn = GrpcRequests.ReadTurnId(request.TurnId, "turn_id");
        context.Concerns(turn);
        var cancelled = await sessions.CancelAsync(key, turn, context.CancellationToken);
        context.ShowSilo(cancelled.Silo);
        return GrpcTurns.Write(key, cancelled);
    }

    public override async Task<Empty> DeleteTurn(V1.DeleteTurnRequest request, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        var found = await FindAsync(key, GrpcRequests.ReadTurnId(request.TurnId, "turn_id"), context);
        await sessions.DeleteTurnAsync(key, found.Turn.Id, context.CancellationToken);
        return new Empty();
    }

    public override async Task<V1.TurnSnapshot> Resolve(V1.ResolveRequest request, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        if (!request.HasApprove) throw new RefusalException(RefusalCode.Invalid, "'approve' is missing: say true or false.", "approve");
        var reason = request.Reason.Length == 0 ? null : GrpcRules.Text(request.Reason, LongestReason, "reason");
        var found = await FindAsync(key, GrpcRequests.ReadTurnId(request.TurnId, "turn_id"), context);
        var resolved = await sessions.ResolveAsync(key, found.Turn.Id, request.CallId, request.Approve, reason, context.CancellationToken);
        return GrpcTurns.Write(key, resolved);
    }

    public override async Task<Empty> Delete(V1.DeleteRequest request, ServerCallContext context)
    {
        await sessions.DeleteAsync(context.Session(request.SessionId), context.CancellationToken);
        return new Empty();
    }

    public override async Task<V1.Session> EraseItem(V1.EraseItemRequest request, ServerCallContext context)
    {
        var key = context.Session(request.SessionId);
        var item = GrpcRequests.ReadItemId(request.ItemId, "item_id");
        var session = await sessions.EraseItemAsync(key, item, context.CancellationToken);
        context.ShowSilo(session.Silo);
        return GrpcTurns.Write(session);
    }

    public override Task<V1.CountTokensResponse> CountTokens(V1.DraftRequest request, ServerCallContext context) => drafts.CountAsync(request, context);

    public override Task<V1.CompactResponse> Compact(V1.DraftRequest request, ServerCallContext context) => drafts.CompactAsync(request, context);

    public override async Task<V1.ListAgentsResponse> ListAgents(V1.ListAgentsRequest request, ServerCallContext context)
    {
        var answer = new V1.ListAgentsResponse();
        answer.Agents.AddRange((await agents(context.CancellationToken)).Select(name => new V1.Agent { Name = name }));
        return answer;
    }

    private static int ReadLimit(int? limit) => GrpcRules.Within(limit, 1, LargestPage, "limit") ?? DefaultPage;

    private static RefusalException NoSession() => new(RefusalCode.SessionNotFound, "There is no such session.", "session_id");

    private async Task<Session> FindAsync(SessionKey key, ServerCallContext context) =>
        await journal.FindSessionAsync(key, context.CancellationToken) ?? throw NoSession();

    private async Task<JournaledTurn> FindAsync(SessionKey key, TurnId turn, ServerCallContext context)
    {
        context.Concerns(turn);
        var found = await journal.FindTurnAsync(key, turn, context.CancellationToken);
        // What was deleted, or was never to be stored, has only its items.
        if (found is not { Turn.Options.Store: true }) throw new RefusalException(RefusalCode.TurnNotFound, "There is no such turn in this session.", "turn_id");
        context.ShowSilo(found.Silo);
        return found;
    }
}
