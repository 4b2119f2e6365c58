using System.Globalization;
using Conversations.Client.Auth;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.OpenAI.Wire;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.Journal.Reading;
using Conversations.Sessions;
using Microsoft.Extensions.Options;

namespace Conversations.Client.OpenAI;

/// <summary><c>/v1/conversations/{id}/items</c>: history.</summary>
internal sealed class ItemEndpoints(
    ISessions sessions, [FromKeyedServices(PatientJournal.Key)] IJournalReader journal, ItemAppends appends, IOptions<GatewayOptions> options)
{
    private const string One = "/conversations/{id}/items/{item}";
    private const string All = "/conversations/{id}/items";

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(All, (HttpContext http, string id, ItemEndpoints items) => items.AppendAsync(http, id));
        routes.MapGet(All, (HttpContext http, string id, ItemEndpoints items) => items.ListAsync(http, id));
        routes.MapGet(One, (HttpContext http, string id, string item, ItemEndpoints items) => items.GetAsync(http, id, item));
        routes.MapDelete(One, (HttpContext http, string id, string item, ItemEndpoints items) => items.DeleteAsync(http, id, item));
    }

    private async Task AppendAsync(HttpContext http, string id)
    {
        var key = ConversationId.Read(http.User.Tenant(), id, "id");
        http.AboutSession(key);
        var body = await RequestBody.ReadAsync(http.Request, options.Value.MaxBodyBytes, http.RequestAborted);
        var items = ItemAppends.Read(body.Required("items"));
        var expected = body.Member("expected_seq")?.Integer(0, long.MaxValue) ?? ReadIfMatch(http.Request);
        var appended = await appends.AppendAsync(http, key, items, expected);
        await AnswerAsync(http, WireItemList.Of(ItemShape.Of(appended), hasMore: false));
    }

    private async Task ListAsync(HttpContext http, string id)
    {
        var key = KeyOf(http, id);
        var query = ListQuery.Read(http.Request.Query);
        var page = await journal.ListItemsAsync(key, query.After, query.NewestFirst, query.Limit, http.RequestAborted)
            ?? throw new DialectException(Refusals.ConversationNotFound(id));
        http.ServedBy(page.Silo);
        await AnswerAsync(http, WireItemList.Of(ItemShape.Of(page.Items), page.HasMore));
    }

    private async Task GetAsync(HttpContext http, string id, string item)
    {
        var key = KeyOf(http, id);
        var session = await journal.FindSessionAsync(key, http.RequestAborted) ?? throw new DialectException(Refusals.ConversationNotFound(id));
        http.ServedBy(session.Silo);
        var found = ItemName.Read(item, "item") is { } itemId ? await journal.FindItemAsync(key, itemId, http.RequestAborted) : null;
        var shape = (found?.Body is { } body && found.Id.ToString(body) == item ? ItemShape.Of(found) : null) ?? throw new DialectException(Refusals.ItemNotFound(item));
        await http.Response.WriteAsJsonAsync(shape, WireJson.Context.WireItem, cancellationToken: http.RequestAborted);
    }

    private async Task DeleteAsync(HttpContext http, string id, string item)
    {
        var key = KeyOf(http, id);
        var itemId = ItemName.Read(item, "item") ?? throw new DialectException(Refusals.ItemNotFound(item));
        http.ServedBy((await sessions.EraseItemAsync(key, itemId, http.RequestAborted)).Silo);
        var deleted = new WireDeleted(item, "conversation.item.deleted");
        await http.Response.WriteAsJsonAsync(deleted, WireJson.Context.WireDeleted, cancellationToken: http.RequestAborted);
    }

    private static SessionKey KeyOf(HttpContext http, string id)
    {
        var key = ConversationId.OfPath(http.User.Tenant(), id);
        http.AboutSession(key);
        return key;
    }

    private static Task AnswerAsync(HttpContext http, WireItemList list) =>
        http.Response.WriteAsJsonAsync(list, WireJson.Context.WireItemList, cancellationToken: http.RequestAborted);

    private static long? ReadIfMatch(HttpRequest request)
    {
        var tag = request.Headers.IfMatch.ToString();
        if (tag.Length == 0) return null;
        return long.TryParse(tag.Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var seq)
            ? seq
            : throw new DialectException(400, "invalid_value", "The header If-Match must be the seq that the conversation is expected to have.", "If-Match");
    }
}
