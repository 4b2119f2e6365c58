using Conversations.Agents;
using Conversations.Client.Auth;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Parsing;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.OpenAI.Wire;
using Conversations.Client.Requests;
using Conversations.Client.Sessions;
using Conversations.History;
using Conversations.Sessions;
using Conversations.Turns;
using Microsoft.Extensions.Options;

namespace Conversations.Client.OpenAI;

/// <summary>What is asked about a request for a response without making it: <c>input_tokens</c> and <c>compact</c>. Nothing is stored.</summary>
internal sealed class DraftEndpoints(IDrafts drafts, References references, IOptions<GatewayOptions> options, TimeProvider time)
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/responses/input_tokens", (HttpContext http, DraftEndpoints endpoints) => endpoints.CountAsync(http));
        routes.MapPost("/responses/compact", (HttpContext http, DraftEndpoints endpoints) => endpoints.CompactAsync(http));
    }

    private async Task CountAsync(HttpContext http)
    {
        var body = await RequestBody.ReadOptionalAsync(http.Request, options.Value.MaxBodyBytes, http.RequestAborted);
        var request = CreateResponse.Read(body, isDraft: true);
        var count = await AskAsync(request, async () => await drafts.CountAsync(await DraftOfAsync(http, request), http.RequestAborted));
        await http.Response.WriteAsJsonAsync(new WireInputTokens(count), WireJson.Context.WireInputTokens, cancellationToken: http.RequestAborted);
    }

    private async Task CompactAsync(HttpContext http)
    {
        var body = await RequestBody.ReadAsync(http.Request, options.Value.MaxBodyBytes, http.RequestAborted);
        body.Required("model");
        var request = CreateResponse.Read(body, isDraft: true);
        if (request is { Input.IsEmpty: true, Previous: null, Conversation: null })
        {
            throw new DialectException(400, "missing_required_parameter", "There is nothing to summarise: send 'input', 'conversation' or 'previous_response_id'.", "input");
        }

        var compacted = await AskAsync(request, async () => await drafts.CompactAsync(await DraftOfAsync(http, request), http.RequestAborted));
        if (compacted.Error is { } error) throw new DialectException(new DialectError(error.Code == "rate_limit_exceeded" ? 429 : 502, error.Code, error.Message));
        await http.Response.WriteAsJsonAsync(ShapeOf(compacted), WireJson.Context.WireCompacted, cancellationToken: http.RequestAborted);
    }

    private async Task<Draft> DraftOfAsync(HttpContext http, CreateResponse request) =>
        (await references.ResolveAsync(request.WishOf(http.User.Tenant()), http.RequestAborted)).AsDraft();

    private WireCompacted ShapeOf(Compacted compacted)
    {
        // Named as items are, though nobody will find them.
        var name = TurnId.New(time);
        var items = compacted.Kept.Append<ItemBody>(compacted.Summary).Select((body, i) => new Item(i, new ItemId(name, 0, i), ItemStatus.Completed, body));
        return new WireCompacted($"resp_{name}", time.GetUtcNow().ToUnixTimeSeconds(), ItemShape.Of(items), ResponseShape.UsageOf(compacted.Usage));
    }

    private static async Task<T> AskAsync<T>(CreateResponse request, Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RefusalException refusal) when (refusal.Code is RefusalCode.SessionNotFound or RefusalCode.TurnNotFound)
        {
            throw new DialectException(
                request.Options.PreviousResponseId is { } previous ? Refusals.PreviousNotFound(previous) : Refusals.ConversationNotFound(request.Conversation ?? ""));
        }
    }
}
