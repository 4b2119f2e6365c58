using Conversations.Client.Auth;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.OpenAI.Wire;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Journal.Reading;
using Conversations.Journal.Sharding;
using Conversations.Sessions;
using Microsoft.Extensions.Options;

namespace Conversations.Client.OpenAI;

/// <summary><c>/v1/conversations</c>: sessions.</summary>
internal sealed class ConversationEndpoints(
    ISessions sessions,
    [FromKeyedServices(PatientJournal.Key)] IJournalReader journal,
    ISessionEventReader events,
    EventStream stream,
    ItemAppends appends,
    ShardMap shards,
    IOptions<GatewayOptions> options)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/conversations", (HttpContext http, ConversationEndpoints conversations) => conversations.ListAsync(http));
        routes.MapPost("/conversations", (HttpContext http, ConversationEndpoints conversations) => conversations.CreateAsync(http));
        routes.MapPut("/conversations/{id}", (HttpContext http, string id, ConversationEndpoints conversations) => conversations.PutAsync(http, id));
        routes.MapGet("/conversations/{id}", (HttpContext http, string id, ConversationEndpoints conversations) => conversations.GetAsync(http, id));
        routes.MapPost("/conversations/{id}", (HttpContext http, string id, ConversationEndpoints conversations) => conversations.UpdateAsync(http, id));
        routes.MapPost("/conversations/{id}/fork", (HttpContext http, string id, ConversationEndpoints conversations) => conversations.ForkAsync(http, id));
        routes.MapGet("/conversations/{id}/events", (HttpContext http, string id, ConversationEndpoints conversations) => conversations.WatchAsync(http, id));
        routes.MapDelete("/conversations/{id}", (HttpContext http, string id, ConversationEndpoints conversations) => conversations.DeleteAsync(http, id));
    }

    private async Task ListAsync(HttpContext http)
    {
        var query = http.Request.Query;
        var page = await journal.ListSessionsAsync(
            http.User.Tenant(),
            query["after"].ToString() is { Length: > 0 } after ? after : null,
            ListQuery.ReadNewestFirst(query),
            ListQuery.ReadLimit(query),
            Metadata.Read(query),
            http.RequestAborted);
        var list = WireConversationList.Of([.. page.Sessions.Select(WireConversation.Of)], page.HasMore);
        await http.Response.WriteAsJsonAsync(list, WireJson.Context.WireConversationList, cancellationToken: http.RequestAborted);
    }

    private async Task CreateAsync(HttpContext http)
    {
        var body = await RequestBody.ReadOptionalAsync(http.Request, options.Value.MaxBodyBytes, http.RequestAborted);
        var metadata = Metadata.Read(body.Member("metadata"));
        var items = body.Member("items") is { } given && given.Elements().Any() ? ItemAppends.Read(given) : [];
        var key = await ReadNewAsync(http, body, "conversation");
        http.AboutSession(key);
        // What is refused makes nothing.
        items = await appends.ResolveAsync(key, items, http.RequestAborted);
        var wish = IsOfKey(http, body) ? Fingerprint.Of(metadata) : null;
        var session = await sessions.CreateOrGetAsync(key, metadata, wish, http.RequestAborted);
        if (items.Length > 0) await appends.AppendAsync(http, key, items, expectedSeq: null);
        await AnswerAsync(http, session);
    }

    private async Task PutAsync(HttpContext http, string id)
    {
        var body = await RequestBody.ReadOptionalAsync(http.Request, options.Value.MaxBodyBytes, http.RequestAborted);
        var metadata = Metadata.Read(body.Member("metadata"));
        var key = ConversationId.Read(http.User.Tenant(), id, "id");
        http.AboutSession(key);
        await RefuseUnknownMintedAsync(key, http.RequestAborted);
        await AnswerAsync(http, await sessions.CreateOrGetAsync(key, metadata, wish: null, http.RequestAborted));
    }

    private async Task GetAsync(HttpContext http, string id)
    {
        var key = KeyOf(http, id);
        var session = await journal.FindSessionAsync(key, http.RequestAborted) ?? throw new DialectException(Refusals.ConversationNotFound(id));
        await AnswerAsync(http, session);
    }

    private async Task UpdateAsync(HttpContext http, string id)
    {
        var key = KeyOf(http, id);
        var body = await RequestBody.ReadAsync(http.Request, options.Value.MaxBodyBytes, http.RequestAborted);
        var metadata = Metadata.Read(body.RequiredOrNull("metadata"));
        await AnswerAsync(http, await sessions.SetMetadataAsync(key, metadata, http.RequestAborted));
    }

    private async Task ForkAsync(HttpContext http, string id)
    {
        var parent = KeyOf(http, id);
        var body = await RequestBody.ReadOptionalAsync(http.Request, options.Value.MaxBodyBytes, http.RequestAborted);
        var from = new ForkFrom { Session = parent.Id, AtItem = ReadItem(body, "at_item"), BeforeItem = ReadItem(body, "before_item") };
        if (from is { AtItem: not null, BeforeItem: not null })
        {
            throw new DialectException(400, "mutually_exclusive_parameters", "Give 'at_item' or 'before_item', not both.", "before_item");
        }

        var metadata = Metadata.Read(body.Member("metadata"));
        var key = await ReadNewAsync(http, body, "fork");
        if (body.Member("id") is null) key = MintedId.Beside(parent, key, shards);
        if (key == parent) throw new DialectException(400, "invalid_value", "A conversation cannot be forked into itself: choose another id.", "id");
        try
        {
            await AnswerAsync(http, await sessions.ForkAsync(key, from, metadata, IsOfKey(http, body) ? Fingerprint.Of(metadata, from) : null, http.RequestAborted));
        }
        catch (RefusalException refusal) when (refusal.Code == RefusalCode.SessionExists && body.Member("id") is null)
        {
            throw new RefusalException(
                RefusalCode.KeyReused, "This idempotency key was used for another fork: choose a new key for a new one.", "Idempotency-Key");
        }
    }

    private static ItemId? ReadItem(RequestNode body, string name)
    {
        if (body.Member(name)?.Text() is not { } text) return null;
        return ItemName.Read(text, name) ?? throw new DialectException(Refusals.ItemNotFound(text) with { Param = name });
    }

    // The id of a conversation that is to be made: the caller's, or one that the retry of a request with a key finds again.
    private async Task<SessionKey> ReadNewAsync(HttpContext http, RequestNode body, string kind)
    {
        var tenant = http.User.Tenant();
        var idempotencyKey = IdempotencyKey.Read(http.Request);
        if (body.Member("id")?.Text() is not { } id) return idempotencyKey is null ? MintedId.New(tenant) : MintedId.FromKey(tenant, kind, idempotencyKey);
        var key = ConversationId.Read(tenant, id, "id");
        await RefuseUnknownMintedAsync(key, http.RequestAborted);
        return key;
    }

    private static bool IsOfKey(HttpContext http, RequestNode body) => body.Member("id") is null && IdempotencyKey.Read(http.Request) is not null;

    private async Task WatchAsync(HttpContext http, string id)
    {
        var key = KeyOf(http, id);
        var query = http.Request.Query["after"].ToString();
        var (place, parameter) = http.Request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? (last, "Last-Event-ID") : (query, "after");
        var session = await journal.FindSessionAsync(key, http.RequestAborted) ?? throw new DialectException(Refusals.ConversationNotFound(id));
        http.ServedBy(session.Silo);
        var after = SessionCursor.Start;
        if (place.Length > 0)
        {
            var end = await events.FindEndAsync(key, http.RequestAborted) ?? throw new DialectException(Refusals.ConversationNotFound(id));
            if (place == "latest") after = end;
            else if (!SessionCursor.TryParse(place, out after) || after.IsAfter(end))
            {
                throw new DialectException(
                    400, "invalid_value", $"'{parameter}' must be the id of an event of this conversation, VERSION.INDEX, or 'latest' for what comes from now on.", parameter);
            }
        }

        await stream.WriteAsync(http, hasFirst: false, ends => sessions.FollowSessionAsync(key, after, ends).Select(shown => EventShape.Of(key, shown)));
    }

    private async Task DeleteAsync(HttpContext http, string id)
    {
        var key = KeyOf(http, id);
        http.ServedBy(await sessions.DeleteAsync(key, http.RequestAborted));
        var deleted = new WireDeleted(id, "conversation.deleted");
        await http.Response.WriteAsJsonAsync(deleted, WireJson.Context.WireDeleted, cancellationToken: http.RequestAborted);
    }

    private static SessionKey KeyOf(HttpContext http, string id)
    {
        var key = ConversationId.OfPath(http.User.Tenant(), id);
        http.AboutSession(key);
        return key;
    }

    private async Task RefuseUnknownMintedAsync(SessionKey key, CancellationToken cancellationToken)
    {
        if (MintedId.IsMadeOnUse(key) || await journal.FindSessionAsync(key, cancellationToken) is not null) return;
        throw new DialectException(
            400, "invalid_value", "An id that starts with 'conv_' is given by the server: choose another, or leave it out.", "id");
    }

    private static Task AnswerAsync(HttpContext http, Session session)
    {
        http.ServedBy(session.Silo);
        return http.Response.WriteAsJsonAsync(WireConversation.Of(session), WireJson.Context.WireConversation, cancellationToken: http.RequestAborted);
    }
}
