using System.Collections.Immutable;
using Conversations.Client.Auth;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.OpenAI.Wire;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.Options;

namespace Conversations.Client.OpenAI;

/// <summary><c>/v1/responses</c>: turns.</summary>
internal sealed class ResponseEndpoints(
    ISessions sessions,
    [FromKeyedServices(PatientJournal.Key)] IJournalReader journal,
    Creations creations,
    EventStream stream,
    Leavers leavers,
    PrivateSessions privates,
    IOptions<GatewayOptions> options)
{
    private const int MaxReasonLength = 4096;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/responses", (HttpContext http, ResponseEndpoints responses) => responses.CreateAsync(http));
        routes.MapGet("/responses/{id}", (HttpContext http, string id, ResponseEndpoints responses) => responses.GetAsync(http, id));
        routes.MapDelete("/responses/{id}", (HttpContext http, string id, ResponseEndpoints responses) => responses.DeleteAsync(http, id));
        routes.MapPost("/responses/{id}/cancel", (HttpContext http, string id, ResponseEndpoints responses) => responses.CancelAsync(http, id));
        routes.MapPost(
            "/responses/{id}/approvals/{**call}",
            (HttpContext http, string id, string? call, ResponseEndpoints responses) => responses.ResolveAsync(http, id, call));
        routes.MapGet("/responses/{id}/input_items", (HttpContext http, string id, ResponseEndpoints responses) => responses.InputAsync(http, id));
    }

    private async Task CreateAsync(HttpContext http)
    {
        var request = await RequestBody.ReadAsync(http.Request, options.Value.MaxBodyBytes, body => CreateResponse.Read(body), http.RequestAborted);
        var cancels = request.CancelOnDisconnect ?? OnDisconnect.Read(http.Request.Headers[OnDisconnect.Header]);
        var idempotencyKey = IdempotencyKey.Read(http.Request);
        var retries = idempotencyKey is null ? ClientRetries.Read(http.Request.Headers[ClientRetries.Header]) : null;
        var wish = request.WishOf(http.User.Tenant()) with
        {
            Overlap = OverlapHeader.Read(http.Request.Headers[OverlapHeader.Name]),
            IdempotencyKey = idempotencyKey,
            IsResent = retries > 0,
            WhileWaiting = wait => request.Stream ? stream.HoldAsync(http, wait) : wait,
        };
        Created created;
        try
        {
            // Only what was accepted can be cancelled.
            created = await creations.CreateAsync(http, wish, cancels ? CancellationToken.None : http.RequestAborted);
        }
        catch (Exception fault) when (http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            await stream.FailAsync(http, fault);
            return;
        }

        // A turn that took this request's input in has other callers, too.
        cancels &= created.IsAlone && request is not { Stream: false, Options.Background: true };
        Task Serve() => ServeAsync(http, request, created);
        Task ServeLeaver() => cancels ? leavers.ServeAsync(created.Session, created.Turn, Serve, http.RequestAborted) : Serve();
        await privates.ServeAsync(created, idempotencyKey is not null, ServeLeaver, http.RequestAborted);
        if (retries is not null && !http.RequestAborted.IsCancellationRequested) sessions.Delivered(created.Session, created.Turn);
    }

    private async Task ServeAsync(HttpContext http, CreateResponse request, Created created)
    {
        if (request is { Stream: false, Options.Background: true })
        {
            await AnswerAsync(http, ResponseShape.Of(created.Session, created.Submitted.Turn, []));
            return;
        }

        if (request.Stream)
        {
            await stream.WriteAsync(http, created.Session, -1, ct => sessions.FollowAsync(created.Session, created.Turn, -1, ct));
            return;
        }

        var result = await sessions.ResultAsync(created.Session, created.Turn, http.RequestAborted);
        await AnswerAsync(http, ResponseShape.Of(created.Session, result.Turn, result.Output));
    }

    private async Task GetAsync(HttpContext http, string id)
    {
        var after = ListQuery.ReadInteger(http.Request.Query, "starting_after", -1, int.MaxValue) ?? -1;
        var streams = ListQuery.ReadFlag(http.Request.Query, "stream");
        var (key, found) = await FindAsync(http, id);
        http.QueuedAt(found.Position);
        if (!streams)
        {
            await AnswerAsync(http, ResponseShape.Of(key, found.Turn, found.Output));
            return;
        }

        await stream.WriteAsync(http, key, after, ct => sessions.FollowAsync(key, found.Turn.Id, after, ct));
    }

    private async Task CancelAsync(HttpContext http, string id)
    {
        var (key, found) = await FindAsync(http, id);
        if (!found.Turn.Status.IsTerminal()) found = await sessions.CancelAsync(key, found.Turn.Id, http.RequestAborted);
        http.ServedBy(found.Silo);
        await AnswerAsync(http, ResponseShape.Of(key, found.Turn, found.Output));
    }

    private async Task DeleteAsync(HttpContext http, string id)
    {
        var (key, found) = await FindAsync(http, id);
        await sessions.DeleteTurnAsync(key, found.Turn.Id, http.RequestAborted);
        var deleted = new WireDeleted(id, "response");
        await http.Response.WriteAsJsonAsync(deleted, WireJson.Context.WireDeleted, cancellationToken: http.RequestAborted);
    }

    private async Task ResolveAsync(HttpContext http, string id, string? call)
    {
        var body = await RequestBody.ReadAsync(http.Request, options.Value.MaxBodyBytes, http.RequestAborted);
        var approve = body.Required("approve").Flag();
        var reason = body.Member("reason")?.Text(MaxReasonLength);
        var (key, found) = await FindAsync(http, id);
        // A call's id is the model's to choose, and an escaped slash stays escaped in a path.
        var callId = (call ?? "").Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
        found = await sessions.ResolveAsync(key, found.Turn.Id, callId, approve, reason, http.RequestAborted);
        http.ServedBy(found.Silo);
        await AnswerAsync(http, ResponseShape.Of(key, found.Turn, found.Output));
    }

    private async Task InputAsync(HttpContext http, string id)
    {
        var query = ListQuery.Read(http.Request.Query);
        var (_, found) = await FindAsync(http, id);
        var items = query.NewestFirst ? [.. found.Input.Reverse()] : found.Input;
        if (query.After is { } after)
        {
            var rest = items.SkipWhile(item => item.Id != after).ToImmutableArray();
            items = rest.IsEmpty ? throw ListQuery.NoSuchAfter : rest[1..];
        }

        var list = WireItemList.Of(ItemShape.Of(items.Take(query.Limit)), items.Length > query.Limit);
        await http.Response.WriteAsJsonAsync(list, WireJson.Context.WireItemList, cancellationToken: http.RequestAborted);
    }

    private static Task AnswerAsync(HttpContext http, WireResponse response) =>
        http.Response.WriteAsJsonAsync(response, WireJson.Context.WireResponse, cancellationToken: http.RequestAborted);

    private async Task<(SessionKey Key, JournaledTurn Found)> FindAsync(HttpContext http, string id)
    {
        if (ResponseId.TryParse(id, out var response) && SessionKey.TryCreate(http.User.Tenant(), response.Session, out var key))
        {
            http.AboutSession(key);
            http.AboutTurn(response.Turn);
            var found = await journal.FindTurnAsync(key, response.Turn, http.RequestAborted);
            if (found?.Turn is { CallsModel: true, Options.Store: true })
            {
                http.ServedBy(found.Silo);
                return (key, found);
            }
        }

        throw new DialectException(Refusals.ResponseNotFound(id));
    }
}
