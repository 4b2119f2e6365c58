using System.Globalization;
using System.Text.Json;
using Conversations.Sessions;
using Conversations.Turns;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using RichStatus = Google.Rpc.Status;
using Status = Grpc.Core.Status;

namespace Conversations.Client.Grpc;

/// <summary>The one table from refusals and faults to canonical statuses, their details, and trailers.</summary>
internal static class GrpcRefusals
{
    /// <summary>The trailer with the refusal's name.</summary>
    public const string RefusalTrailer = "conversations-refusal";

    /// <summary>The trailer with the field at fault.</summary>
    public const string ParameterTrailer = "conversations-param";

    /// <summary>The trailer that says when another try is worth while.</summary>
    public const string RetryAfterTrailer = "retry-after-ms";

    /// <summary>Whose reasons those of <see cref="ErrorInfo"/> are.</summary>
    public const string Domain = "conversations";

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
        var field = refusal.Parameter is { Length: > 0 } parameter ? FieldOf(parameter) : null;
        TimeSpan? retryAfter = status == StatusCode.ResourceExhausted ? RetryWhenFull : null;
        var reason = new ErrorInfo { Domain = Domain, Reason = JsonNamingPolicy.SnakeCaseUpper.ConvertName(refusal.Code.ToString()) };
        var details = new List<Any>();
        if (field is not null) reason.Metadata["field"] = field;
        details.Add(Any.Pack(reason));
        if (status == StatusCode.InvalidArgument && field is not null)
        {
            var violation = new BadRequest.Types.FieldViolation { Field = field, Description = refusal.Message, Reason = reason.Reason };
            details.Add(Any.Pack(new BadRequest { FieldViolations = { violation } }));
        }

        var trailers = new Metadata { { RefusalTrailer, refusal.Code.ToString() } };
        if (field is not null) trailers.Add(ParameterTrailer, Visible(field));
        return Write(status, refusal.Message, retryAfter, details, trailers);
    }

    /// <summary>What the caller gets when the model failed, and there is no turn to say so.</summary>
    public static RpcException Write(TurnError error) => error.Code == "rate_limit_exceeded"
        ? Write(StatusCode.ResourceExhausted, error.Message, RetryWhenFull, [ReasonOf(error)], [])
        : Write(StatusCode.Unavailable, error.Message, null, [ReasonOf(error)], []);

    /// <summary>What the caller gets for a fault that outlasted the retries.</summary>
    public static RpcException WriteUnavailable(TimeSpan retryAfter) => Write(
        StatusCode.Unavailable, "The session cannot be served right now. Send the same call again.", retryAfter, [], []);

    private static RpcException Write(StatusCode status, string message, TimeSpan? retryAfter, List<Any> details, Metadata trailers)
    {
        if (retryAfter is { } pause)
        {
            details.Add(Any.Pack(new RetryInfo { RetryDelay = pause.ToDuration() }));
            trailers.Add(RetryAfterTrailer, Milliseconds(pause));
        }

        trailers.SetRpcStatus(new RichStatus { Code = (int)status, Message = message, Details = { details } });
        return new RpcException(new Status(status, message), trailers);
    }

    private static Any ReasonOf(TurnError error) => Any.Pack(new ErrorInfo { Domain = Domain, Reason = error.Code.ToUpperInvariant() });

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
