using Google.Protobuf;
using Grpc.Core;
using V1 = Conversations.Client.Grpc.V1;

namespace Conversations.Unit.Tests.Client.Grpc;

/// <summary>Calls the service as a generated client does: by the names in the proto.</summary>
internal sealed class StockClient(CallInvoker invoker, Metadata headers)
{
    public AsyncUnaryCall<TAnswer> Ask<TAnswer>(IMessage request, DateTime? deadline = null, CancellationToken cancellationToken = default)
        where TAnswer : class, IMessage<TAnswer>, new() =>
        invoker.AsyncUnaryCall(
            Method<TAnswer>(MethodType.Unary, request), null, new CallOptions(headers, deadline, cancellationToken), request.ToByteArray());

    public AsyncServerStreamingCall<V1.Event> Stream(
        IMessage request, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        Stream<V1.Event>(request, deadline, cancellationToken);

    public AsyncServerStreamingCall<TEvent> Stream<TEvent>(IMessage request, DateTime? deadline = null, CancellationToken cancellationToken = default)
        where TEvent : class, IMessage<TEvent>, new() =>
        invoker.AsyncServerStreamingCall(
            Method<TEvent>(MethodType.ServerStreaming, request), null, new CallOptions(headers, deadline, cancellationToken), request.ToByteArray());

    /// <summary>Sends bytes that no generated client would.</summary>
    public AsyncUnaryCall<V1.SubmitResponse> Submit(byte[] request) =>
        invoker.AsyncUnaryCall(
            Method<V1.SubmitResponse>(MethodType.Unary, new V1.TurnRequest()), null, new CallOptions(headers), request);

    private static Method<byte[], TAnswer> Method<TAnswer>(MethodType type, IMessage request)
        where TAnswer : class, IMessage<TAnswer>, new()
    {
        var streams = type == MethodType.ServerStreaming;
        var service = V1.Conversations.Descriptor;
        var name = service.Methods.First(
            m => m.InputType == request.Descriptor && m.OutputType.ClrType == typeof(TAnswer) && m.IsServerStreaming == streams).Name;
        var parser = new MessageParser<TAnswer>(() => new TAnswer());
        return new Method<byte[], TAnswer>(
            type, service.FullName, name, Marshallers.Create(bytes => bytes, bytes => bytes), Marshallers.Create(a => a.ToByteArray(), parser.ParseFrom));
    }
}
