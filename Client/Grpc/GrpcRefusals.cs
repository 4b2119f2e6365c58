using System.Globalization;
using Conversations.Sessions;
using Grpc.Core;

namespace Conversations.Client.Grpc;

/// <summary>The one table from refusals and faults to canonical statuses and trailers.</summary>
internal static class GrpcRefusals
{
    /// <summary>The trailer with the refusal's name.</summary>
    public const string RefusalTrailer = "conversations-refusal";

    /// <summary>The trailer with the field at fault.</summary>
    public const string ParameterTrailer = "conversations-param";

    /// <summary>The trailer that says when another try is worth while.</summary>
    public const string RetryAfterTrailer = "retry-after-ms";

    private static readonly TimeSpan RetryWhenFull = TimeSpan.FromSeconds(1);

    /// <summary>The status of a refusal.</summary>
    public static StatusCode StatusOf(RefusalCode code) => code switch
    {
        RefusalCode.Invalid or RefusalCode.TooLarge => StatusCode.InvalidArgument,
        RefusalCode.SessionNotFound or RefusalCode.TurnNotFound or RefusalCode.ItemNotFound or RefusalCode.AgentNotFound =>
            StatusCode.NotFound,
        RefusalCode.SessionBusy => StatusCode.Aborted,
        RefusalCode.QueueFull or RefusalCode.TooMany => StatusCode.ResourceExhausted,
        RefusalCode.KeyReused or RefusalCode.SessionExists => StatusCode.AlreadyExists,
        RefusalCode.Moved => StatusCode.FailedPrecondition,
        _ => throw new InvalidOperationException($"The wire has no status for the refusal {code}."),
    };

    /// <summary>What the caller gets for a refusal.</summary>
    public static RpcException Write(RefusalException refusal)
    {
        var status = StatusOf(refusal.Code);
        var trailers = new Metadata { { RefusalTrailer, refusal.Code.ToString() } };
        if (refusal.Parameter is { Length: > 0 } parameter) trailers.Add(ParameterTrailer, Visible(FieldOf(parameter)));
        if (status == StatusCode.ResourceExhausted) trailers.Add(RetryAfterTrailer, Milliseconds(RetryWhenFull));
        return new RpcException(new Status(status, refusal.Message), trailers);
    }

    /// <summary>What the caller gets for a fault that outlasted the retries.</summary>
    public static RpcException WriteUnavailable(TimeSpan retryAfter) => new(
        new Status(StatusCode.Unavailable, "The session cannot be served right now. Send the same call again."),
        new Metadata { { RetryAfterTrailer, Milliseconds(retryAfter) } });

    // The sessions name what they refuse as the HTTP dialect spells it.
    private static string FieldOf(string parameter) => parameter switch
    {
        "conversation" => "session_id",
        "previous_response_id" => "after_turn",
        "overlap_policy" => "overlap",
        "Idempotency-Key" => "idempotency_key",
        "model" => "options.agent",
        "response_id" => "turn_id",
        _ when parameter.StartsWith("tools", StringComparison.Ordinal) => $"options.{parameter}",
        _ => parameter,
    };

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);

    // A parameter can hold a caller's metadata key, and a trailer holds visible ASCII alone.
    private static string Visible(string text) =>
        string.Create(text.Length, text, (span, from) =>
        {
            for (var i = 0; i < span.Length; i++) span[i] = from[i] is >= ' ' and <= '~' ? from[i] : '?';
        });
}
