using System.Globalization;
using Conversations.Sessions;
using Grpc.Core;

namespace Conversations.Client.Grpc;

/// <summary>
/// A request that is no message of the proto never reaches the edge, and the framework takes it for a fault of the service. Here it
/// becomes what it is: the caller's.
/// </summary>
internal static class GrpcUnreadable
{
    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";
    private static readonly object Readable = new();
    private static readonly string UnknownStatus = Digits(StatusCode.Unknown);

    /// <summary>Notes that the request was read.</summary>
    public static void WasReadable(ServerCallContext context) => context.GetHttpContext().Items[Readable] = true;

    /// <summary>Has an endpoint answer for requests that were not.</summary>
    public static void Refuse(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is not { } next) return;
        endpoint.RequestDelegate = async context =>
        {
            await next(context);
            var answer = context.Response;
            if (answer.HasStarted || answer.Headers[StatusHeader] != UnknownStatus || context.Items.ContainsKey(Readable)) return;
            answer.Headers[StatusHeader] = Digits(GrpcRefusals.StatusOf(RefusalCode.Invalid));
            answer.Headers[MessageHeader] = "The request is no message of the proto, or holds text that is no UTF-8.";
            answer.Headers[GrpcRefusals.RefusalTrailer] = nameof(RefusalCode.Invalid);
        };
    }

    private static string Digits(StatusCode status) => ((int)status).ToString(CultureInfo.InvariantCulture);
}
