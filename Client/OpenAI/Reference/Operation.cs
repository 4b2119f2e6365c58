using Microsoft.OpenApi;

namespace Conversations.Client.OpenAI.Reference;

/// <summary>What the reference says of one endpoint.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path under <c>/v1</c>, as it is mapped.</param>
/// <param name="Id">The name by which generated clients call it.</param>
/// <param name="Summary">What it does.</param>
internal sealed record Operation(string Method, string Path, string Id, string Summary)
{
    /// <summary>The name of the schema of its body, or null.</summary>
    public string? Body { get; init; }

    /// <summary>Whether the body may be left out.</summary>
    public bool BodyIsOptional { get; init; }

    /// <summary>The type that its answer is written from; null: there are events alone.</summary>
    public Type? Answer { get; init; }

    /// <summary>When it answers with server-sent events; null: never.</summary>
    public string? Events { get; init; }

    /// <summary>Whether its answer is a WebSocket.</summary>
    public bool IsSocket { get; init; }

    /// <summary>Its parameters, but those in the path.</summary>
    public IReadOnlyList<OpenApiParameter> Parameters { get; init; } = [];

    /// <summary>What it can be refused with, besides what everything can.</summary>
    public IReadOnlyList<int> Refusals { get; init; } = [];

    /// <summary>All it can answer besides what is asked of it.</summary>
    public IEnumerable<int> Statuses => Refusals.Concat([401, 500, 503]).Order();

    /// <summary>What it is about.</summary>
    public string Tag => Path.Split('/')[1] switch { "responses" => "Responses", "conversations" => "Conversations", _ => "Models" };
}
