using System.Text.Json.Nodes;
using Conversations.Client.OpenAI.Parsing;
using Microsoft.OpenApi;

namespace Conversations.Client.OpenAI.Reference;

/// <summary>The parameters of queries and headers.</summary>
internal static class Parameters
{
    public static readonly OpenApiParameter Limit = Query("limit", "How many at the most.", Integer(1, 100, 20));
    public static readonly OpenApiParameter Order = Query("order", "Newest first, or oldest first.", OneOf("desc", "asc"));
    public static readonly OpenApiParameter After = Query("after", "The id of the last one that the caller has.", Text());
    public static readonly OpenApiParameter AsEvents = Query("stream", "Whether to answer with its events.", new OpenApiSchema { Type = JsonSchemaType.Boolean });

    public static readonly OpenApiParameter StartingAfter = Query(
        "starting_after", "The number of the last event that the caller has; without it the events come from the first.", Integer(-1, int.MaxValue, null));

    public static readonly OpenApiParameter AfterPlace = Query(
        "after", "The place of the last event that the caller has, VERSION.INDEX; latest: only what comes from now on. Without it: from the beginning.", Text());

    public static readonly OpenApiParameter MetadataFilter = new()
    {
        Name = "metadata",
        In = ParameterLocation.Query,
        Description = "What their metadata has: metadata[key]=value.",
        Style = ParameterStyle.DeepObject,
        Explode = true,
        Schema = new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Text() },
    };

    public static readonly OpenApiParameter Key = Header(
        "Idempotency-Key", "Names the request: sent again, it is the same one; with another body it is refused (422).", new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = 255 });

    public static readonly OpenApiParameter Overlap = Header(
        OverlapHeader.Name, "What to do if the conversation is busy: enqueue, reject, interrupt, rollback, latest, merge, or debounce;ms=800.", Text());

    public static readonly OpenApiParameter Leaving = Header(
        OnDisconnect.Header, "What becomes of the turn if the caller goes away.", OneOf("continue", "cancel"));

    public static readonly OpenApiParameter RetryCount = Header(
        ClientRetries.Header, "Sent by OpenAI's own clients: past 0, the request is a retry.", Integer(0, int.MaxValue, null));

    public static readonly OpenApiParameter IfMatch = Header("If-Match", "How many items the conversation must have; otherwise 412.", Text());

    public static readonly OpenApiParameter LastEventId = Header("Last-Event-ID", "As after, and goes before it: browsers send it by themselves.", Text());

    /// <summary>A parameter of the path.</summary>
    public static OpenApiParameter InPath(string name, string path) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = name switch
        {
            "item" => "The item's id.",
            "call" => "The id of the call that waits for an approval.",
            _ when path.StartsWith("/responses", StringComparison.Ordinal) => "The response's id.",
            _ when path.StartsWith("/models", StringComparison.Ordinal) => "The agent's name.",
            _ => "The conversation's id.",
        },
        Schema = Text(),
    };

    private static OpenApiParameter Query(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Query, Description = description, Schema = schema };

    private static OpenApiParameter Header(string name, string description, OpenApiSchema schema) =>
        new() { Name = name, In = ParameterLocation.Header, Description = description, Schema = schema };

    private static OpenApiSchema Text() => new() { Type = JsonSchemaType.String };

    private static OpenApiSchema OneOf(params string[] values) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. values.Select(value => (JsonNode)value)],
        Default = values[0],
    };

    private static OpenApiSchema Integer(int from, int to, int? otherwise) => new()
    {
        Type = JsonSchemaType.Integer,
        Minimum = $"{from}",
        Maximum = $"{to}",
        Default = otherwise,
    };
}
