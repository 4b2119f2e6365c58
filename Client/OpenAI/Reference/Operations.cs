using Conversations.Client.OpenAI.Wire;
using static Conversations.Client.OpenAI.Reference.Parameters;

namespace Conversations.Client.OpenAI.Reference;

/// <summary>All endpoints of the dialect. What is mapped and not here, or the other way round, fails a test.</summary>
internal static class Operations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("POST", "/responses", "createResponse", "Runs a turn: appends the input, calls the model, answers with what came of it.")
        {
            Body = "CreateResponse",
            Answer = typeof(WireResponse),
            Events = "With stream: the events of the turn, to its end, and then data: [DONE].",
            Parameters = [Key, Overlap, Leaving, RetryCount],
            Refusals = [400, 404, 409, 413, 422, 429],
        },
        new("GET", "/responses", "openSocket", "Opens a WebSocket for turn after turn: a text frame is a body of createResponse with the type response.create, and each that comes back an event.")
        {
            IsSocket = true,
            Parameters = [Overlap, Leaving],
            Refusals = [400, 405],
        },
        new("POST", "/responses/input_tokens", "countInputTokens", "How many tokens the model would be handed. Nothing is stored.")
        {
            Body = "Draft",
            BodyIsOptional = true,
            Answer = typeof(WireInputTokens),
            Refusals = [400, 404, 413],
        },
        new("POST", "/responses/compact", "compactHistory", "Has the model summarise a history; its output goes into later requests as input. Nothing is stored.")
        {
            Body = "CompactHistory",
            Answer = typeof(WireCompacted),
            Refusals = [400, 404, 413, 429, 502],
        },
        new("GET", "/responses/{id}", "getResponse", "A response, or its events, as often as wished.")
        {
            Answer = typeof(WireResponse),
            Events = "With stream=true: the events after a number, to the end, and then data: [DONE].",
            Parameters = [AsEvents, StartingAfter],
            Refusals = [400, 404],
        },
        new("DELETE", "/responses/{id}", "deleteResponse", "Deletes a response: cancels it if it is unfinished. Its items stay in the conversation.")
        {
            Answer = typeof(WireDeleted),
            Refusals = [404],
        },
        new("POST", "/responses/{id}/cancel", "cancelResponse", "Ends an unfinished response as cancelled; an ended one stays as it is.")
        {
            Answer = typeof(WireResponse),
            Refusals = [404],
        },
        new("POST", "/responses/{id}/approvals/{**call}", "resolveApproval", "Answers the approval request of a response that waits for it.")
        {
            Body = "ResolveApproval",
            Answer = typeof(WireResponse),
            Refusals = [400, 404, 413],
        },
        new("GET", "/responses/{id}/input_items", "listInputItems", "What a response was given.")
        {
            Answer = typeof(WireItemList),
            Parameters = [Limit, Order, After],
            Refusals = [400, 404],
        },
        new("GET", "/conversations", "listConversations", "The tenant's conversations, by age.")
        {
            Answer = typeof(WireConversationList),
            Parameters = [Limit, Order, After, MetadataFilter],
            Refusals = [400],
        },
        new("POST", "/conversations", "createConversation", "Makes a conversation, or returns the one of that id.")
        {
            Body = "CreateConversation",
            BodyIsOptional = true,
            Answer = typeof(WireConversation),
            Parameters = [Key, Overlap],
            Refusals = [400, 409, 413, 422, 429],
        },
        new("PUT", "/conversations/{id}", "putConversation", "Makes the conversation, or returns the one there is.")
        {
            Body = "PutConversation",
            BodyIsOptional = true,
            Answer = typeof(WireConversation),
            Refusals = [400, 413],
        },
        new("GET", "/conversations/{id}", "getConversation", "A conversation.")
        {
            Answer = typeof(WireConversation),
            Refusals = [404],
        },
        new("POST", "/conversations/{id}", "updateConversation", "Replaces a conversation's metadata.")
        {
            Body = "UpdateConversation",
            Answer = typeof(WireConversation),
            Refusals = [400, 404, 413],
        },
        new("DELETE", "/conversations/{id}", "deleteConversation", "Cancels what runs and erases the conversation.")
        {
            Answer = typeof(WireDeleted),
            Refusals = [404],
        },
        new("POST", "/conversations/{id}/fork", "forkConversation", "Makes a conversation that begins with this one's items; both go on.")
        {
            Body = "ForkConversation",
            BodyIsOptional = true,
            Answer = typeof(WireConversation),
            Parameters = [Key],
            Refusals = [400, 404, 409, 413, 422],
        },
        new("GET", "/conversations/{id}/events", "watchConversation", "All that happens in a conversation, whoever asked for it.")
        {
            Events = "The events of all responses, and the items that callers bring, for as long as the conversation exists. What is on disk carries an id, VERSION.INDEX.",
            Parameters = [AfterPlace, LastEventId],
            Refusals = [400, 404],
        },
        new("POST", "/conversations/{id}/items", "appendItems", "Appends items without calling a model, and answers when they have their places.")
        {
            Body = "AppendItems",
            Answer = typeof(WireItemList),
            Parameters = [Key, Overlap, IfMatch],
            Refusals = [400, 404, 409, 412, 413, 422, 429],
        },
        new("GET", "/conversations/{id}/items", "listItems", "A conversation's items.")
        {
            Answer = typeof(WireItemList),
            Parameters = [Limit, Order, After],
            Refusals = [400, 404],
        },
        new("GET", "/conversations/{id}/items/{item}", "getItem", "An item.")
        {
            Answer = typeof(WireItem),
            Refusals = [404],
        },
        new("DELETE", "/conversations/{id}/items/{item}", "deleteItem", "Blanks an item, and with a function call its output and the other way round. Its place stays.")
        {
            Answer = typeof(WireDeleted),
            Refusals = [404, 409],
        },
        new("GET", "/models", "listModels", "The agents, which is what model names.")
        {
            Answer = typeof(WireModelList),
        },
        new("GET", "/models/{id}", "getModel", "An agent.")
        {
            Answer = typeof(WireModel),
            Refusals = [404],
        },
    ];

    /// <summary>What an endpoint is described as; null if it is not.</summary>
    public static Operation? Find(string method, string path) =>
        All.FirstOrDefault(operation => operation.Method == method && operation.Path == path);

    /// <summary>What an answer of this status means.</summary>
    public static string Meaning(string status) => status switch
    {
        "101" => "Frames go both ways until one side closes; each that comes back is one of these.",
        "200" => "Done.",
        "400" => "The request breaks a rule; param names the parameter.",
        "401" => "The key is missing or unknown.",
        "404" => "There is none, or not for this tenant.",
        "405" => "It cannot be done to this path: Allow has what can.",
        "409" => "It is busy, or something of that name exists: code says which.",
        "412" => "The conversation has moved on.",
        "413" => "The body or the input is too large.",
        "422" => "The idempotency key came with another request.",
        "429" => "Too much at once: try again after retry-after.",
        "500" => "Our fault. The x-request-id finds it in the logs.",
        "502" => "The model failed; code says how.",
        "503" => "Not just now; whether the wish was carried out is unknown. Send it again after retry-after.",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "No endpoint answers so."),
    };
}
