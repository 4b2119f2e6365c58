using System.Net;
using System.Text.Json.Nodes;

namespace Conversations.EndToEnd.Tests.Callers;

/// <summary>A whole answer of a gateway.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">The body as it came.</param>
/// <param name="Silo">Which silo served it, if the answer says so.</param>
/// <param name="RequestId">The name of the request in the logs.</param>
/// <param name="Position">How many turns are before the one that it is about, if it says so.</param>
internal sealed record Answer(HttpStatusCode Status, string Text, string? Silo, string? RequestId, string? Position)
{
    /// <summary>The body.</summary>
    public JsonObject Body => JsonNode.Parse(Text)!.AsObject();

    /// <summary>The id of whatever the body is.</summary>
    public string Id => (string)Body["id"]!;

    /// <summary>The error's stable word.</summary>
    public string? ErrorCode => (string?)Body["error"]?["code"];

    /// <summary>The text of a response's messages.</summary>
    public string OutputText => Items.TextOf(Body["output"]!.AsArray());

    /// <summary>The answer itself, if the request was carried out.</summary>
    public Answer Ok()
    {
        Assert.True(Status == HttpStatusCode.OK, ToString());
        return this;
    }

    public override string ToString() => $"{(int)Status} {Text}";

    public static async Task<Answer> OfAsync(HttpResponseMessage response, CancellationToken cancellationToken) => new(
        response.StatusCode,
        await response.Content.ReadAsStringAsync(cancellationToken),
        HeaderOf(response, "x-conversations-silo"),
        HeaderOf(response, "x-request-id"),
        HeaderOf(response, "x-conversations-position"));

    internal static string? HeaderOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
