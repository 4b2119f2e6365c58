using Conversations.Client.Sessions;
using Conversations.Sessions;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace Conversations.Client.Grpc;

/// <summary>
/// The edge of the gRPC wire: what flies out of the service becomes a canonical status here, and is logged here once. Of a fault the
/// caller learns nothing but that there was one.
/// </summary>
internal sealed partial class GrpcEdge(TimeProvider time, ILogger<GrpcEdge> logger) : Interceptor
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        GrpcUnreadable.WasReadable(context);
        try
        {
            return await continuation(request, context);
        }
        catch (Exception thrown)
        {
            throw Write(thrown, context);
        }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        GrpcUnreadable.WasReadable(context);
        try
        {
            await continuation(request, responseStream, context);
        }
        catch (Exception thrown)
        {
            throw Write(thrown, context);
        }
    }

    private RpcException Write(Exception thrown, ServerCallContext context)
    {
        switch (thrown)
        {
            case RpcException told:
                return told;
            case RefusalException refusal:
                LogRefused(logger, context.Method, refusal.Code);
                return GrpcRefusals.Write(refusal);
            case var _ when context.CancellationToken.IsCancellationRequested:
                return Ended(context);
            case UnavailableException unavailable:
                LogUnavailable(logger, context.Method, unavailable);
                return GrpcRefusals.WriteUnavailable(unavailable.RetryAfter);
            case var _ when PassingFault.Is(thrown):
                LogUnavailable(logger, context.Method, thrown);
                return GrpcRefusals.WriteUnavailable(RetryAfter);
            default:
                LogFault(logger, context.Method, thrown);
                return new RpcException(new Status(StatusCode.Internal, "Something went wrong on the server."));
        }
    }

    private RpcException Ended(ServerCallContext context) => new(
        time.GetUtcNow().UtcDateTime >= context.Deadline
            ? new Status(StatusCode.DeadlineExceeded, "The call's deadline passed; an accepted turn runs on unless its on_disconnect is CANCEL.")
            : new Status(StatusCode.Cancelled, "The call was cancelled; an accepted turn runs on unless its on_disconnect is CANCEL."));
}
