using System.Globalization;
using Conversations.Client.OpenAI.Wire;

namespace Conversations.Client.OpenAI.Errors;

/// <summary>A refusal or fault as the dialect says it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">A stable word for programs, or null.</param>
/// <param name="Message">What to do about it, for people.</param>
/// <param name="Param">The parameter at fault, or null.</param>
internal sealed record DialectError(int Status, string? Code, string Message, string? Param = null)
{
    public const string RefusalType = "invalid_request_error";
    public const string FaultType = "server_error";

    public static readonly DialectError InvalidApiKey = new(
        401, "invalid_api_key", "The API key is missing or unknown: send 'Authorization: Bearer KEY' with a key of this service.");

    public static readonly DialectError Fault = new(
        500, "server_error", "Something went wrong on our side. The x-request-id of this answer finds it in the logs.");

    /// <summary>Whose fault it is.</summary>
    public string Type => Status >= 500 ? FaultType : RefusalType;

    /// <summary>When another try is worth while, or null.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The body, and the nested half of an error in a stream.</summary>
    public WireError Body => new(Message, Type, Param, Code);

    /// <summary>Answers with it.</summary>
    public Task WriteAsync(HttpContext context)
    {
        var response = context.Response;
        response.StatusCode = Status;
        if (RetryAfter is { } pause)
        {
            response.Headers.RetryAfter = Math.Ceiling(pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
            response.Headers["retry-after-ms"] = Math.Ceiling(pause.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        }

        // Stock clients send a 409 again by themselves; the same request will meet the same refusal.
        if (Status == 409) response.Headers["x-should-retry"] = "false";
        return response.WriteAsJsonAsync(new WireErrorBody(Body), WireJson.Context.WireErrorBody, cancellationToken: context.RequestAborted);
    }
}
