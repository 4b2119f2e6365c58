using System.Collections.Immutable;
using Conversations.Client.OpenAI.Errors;
using Conversations.Client.OpenAI.Shapes;
using Conversations.Client.Requests;
using Conversations.History;
using Conversations.Turns;

namespace Conversations.Client.OpenAI.Parsing;

/// <summary>The body of <c>POST /v1/responses</c>.</summary>
/// <param name="Input">The items to append.</param>
/// <param name="Options">What is asked of the turn.</param>
/// <param name="Conversation">The conversation's id as sent, or null.</param>
/// <param name="Previous">The response to go on from, or null.</param>
/// <param name="Stream">Whether the caller wants events.</param>
/// <param name="CancelOnDisconnect">Whether to cancel if the caller goes away; null if the body does not say.</param>
internal sealed record CreateResponse(
    ImmutableArray<ItemBody> Input, TurnOptions Options, string? Conversation, ResponseId? Previous, bool Stream, bool? CancelOnDisconnect)
{
    // The silos have a bound of their own (Sessions:ItemsPerRequest), of which this is the most.
    private const int MaxItems = 10_000;
    private const int MaxNameLength = 256;
    private const int MaxIdentifierLength = 1024;
    private const int MaxTokens = int.MaxValue;

    // To leave these out would change what the request means.
    private static readonly string[] Unsupported = ["prompt", "context_management"];

    /// <summary>Reads it; members that the dialect does not know are ignored.</summary>
    /// <exception cref="DialectException">It breaks a rule; the message names the parameter.</exception>
    /// <param name="body">The body.</param>
    /// <param name="isDraft">Whether nothing is to be made of it, so that it may bring nothing.</param>
    public static CreateResponse Read(RequestNode body, bool isDraft = false)
    {
        foreach (var name in Unsupported)
        {
            if (body.Member(name) is { } given) throw given.Refused("unsupported_parameter", $"'{name}' is not supported: leave it out.");
        }

        var conversation = ReadConversation(body.Member("conversation"));
        var previous = body.Member("previous_response_id")?.Text();
        if (conversation is not null && previous is not null)
        {
            throw new DialectException(
                400,
                "mutually_exclusive_parameters",
                "'conversation' and 'previous_response_id' cannot go together: send one of them.",
                "previous_response_id");
        }

        var store = body.Member("store")?.Flag() ?? true;
        var background = body.Member("background")?.Flag() ?? false;
        if (background && !store && conversation is null)
        {
            throw new DialectException(
                400, "invalid_value", "Nobody could fetch what a 'background' response comes to that is not stored: leave one of them out, or name a 'conversation'.", "background");
        }

        WithoutEffect.Read(body);
        var safetyIdentifier = body.Member("safety_identifier")?.Text(MaxIdentifierLength);
        var options = new TurnOptions
        {
            Agent = body.Member("model")?.NonEmptyText(MaxNameLength),
            Instructions = body.Member("instructions")?.Text(),
            Temperature = body.Member("temperature")?.Number(0, 2),
            TopP = body.Member("top_p")?.Number(0, 1),
            MaxOutputTokens = (int?)body.Member("max_output_tokens")?.Integer(1, MaxTokens),
            MaxToolCalls = (int?)body.Member("max_tool_calls")?.Integer(1),
            ParallelToolCalls = body.Member("parallel_tool_calls")?.Flag(),
            Metadata = Metadata.Read(body.Member("metadata")),
            Store = store,
            Background = background,
            NamesSession = conversation is not null,
            PreviousResponseId = previous,
            ToolsJson = ToolOptions.ReadTools(body.Member("tools")),
            ToolChoiceJson = ToolOptions.ReadChoice(body.Member("tool_choice")),
            TextJson = ToolOptions.ReadText(body.Member("text")),
            ReasoningJson = ToolOptions.ReadReasoning(body.Member("reasoning")),
            Truncation = body.Member("truncation")?.OneOf("auto", "disabled"),
            PromptCacheKey = body.Member("prompt_cache_key")?.Text(MaxIdentifierLength),
            SafetyIdentifier = safetyIdentifier,
            User = safetyIdentifier ?? body.Member("user")?.Text(MaxIdentifierLength),
        };
        return new CreateResponse(
            ReadInput(body, mayBringNothing: isDraft || conversation is not null || previous is not null),
            options,
            conversation,
            previous is null ? null : ResponseId.TryParse(previous, out var id) ? id : throw new DialectException(Refusals.PreviousNotFound(previous)),
            body.Member("stream")?.Flag() ?? false,
            OnDisconnect.Read(body.Member("on_disconnect")));
    }

    /// <summary>What it wishes for, of this tenant's sessions.</summary>
    /// <exception cref="DialectException">It names a conversation that cannot be.</exception>
    public TurnWish WishOf(string tenant) => new()
    {
        Tenant = tenant,
        Input = Input,
        Options = Options,
        Session = Conversation is { } id ? ConversationId.Read(tenant, id, "conversation") : null,
        Previous = Previous is { } previous
            ? new TurnPlace(ConversationId.Read(tenant, previous.Session, "previous_response_id"), previous.Turn)
            : null,
    };

    private static ImmutableArray<ItemBody> ReadInput(RequestNode body, bool mayBringNothing)
    {
        if (body.Member("input") is { } input) return InputItems.ReadInput(input, MaxItems, mayBringNothing);
        return mayBringNothing
            ? []
            : throw new DialectException(
                400, "missing_required_parameter", "'input' is missing: send it, or name a 'conversation' or 'previous_response_id' whose end is to be answered.", "input");
    }

    private static string? ReadConversation(RequestNode? conversation) => conversation switch
    {
        null => null,
        { Kind: System.Text.Json.JsonValueKind.Object } named => named.Required("id").Text(),
        { } id => id.Text(),
    };
}
