using System.Globalization;
using Conversations.NullModel;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using V1 = Conversations.Client.Grpc.V1;

namespace Conversations.Load.Targets;

/// <summary>Turns over gRPC: the call <c>Run</c>, all its events read, over one connection.</summary>
internal sealed class GrpcTurns : ITurns
{
    // As a generated client's: the messages are the gateway's own, beside which a second set could not be.
    private static readonly Method<V1.TurnRequest, V1.Event> Run = new(
        MethodType.ServerStreaming,
        V1.Conversations.Descriptor.FullName,
        "Run",
        Marshallers.Create(message => message.ToByteArray(), V1.TurnRequest.Parser.ParseFrom),
        Marshallers.Create(message => message.ToByteArray(), V1.Event.Parser.ParseFrom));

    private readonly GrpcChannel _channel;
    private readonly CallInvoker _calls;
    private readonly Metadata _headers;
    private readonly string _run;

    public GrpcTurns(Uri url, string key, string run)
    {
        _channel = GrpcChannel.ForAddress(url, new GrpcChannelOptions
        {
            HttpHandler = new SocketsHttpHandler { UseProxy = false, EnableMultipleHttp2Connections = true },
            DisposeHttpClient = true,
        });
        _calls = _channel.CreateCallInvoker();
        _headers = new Metadata { { "authorization", $"Bearer {key}" } };
        _run = run;
    }

    public async Task SayAsync(int session, string text, CancellationToken stop)
    {
        var request = new V1.TurnRequest
        {
            SessionId = string.Create(CultureInfo.InvariantCulture, $"{_run}-{session}"),
            Input = { new V1.InputItem { Message = new V1.Message { Role = V1.Role.User, Content = { new V1.ContentPart { InputText = new V1.InputText { Text = text } } } } } },
            Options = new V1.TurnOptions { Agent = NullChat.Provider },
        };
        using var call = _calls.AsyncServerStreamingCall(Run, null, new CallOptions(_headers, cancellationToken: stop), request);
        V1.TurnEnded? ended = null;
        while (await call.ResponseStream.MoveNext(stop)) ended = call.ResponseStream.Current.Ended ?? ended;
        if (ended?.Turn.Status != V1.TurnStatus.Completed) throw new TurnException($"A turn ended as {ended?.Turn.Status}: {ended?.Turn.Error?.Message}");
    }

    public ValueTask DisposeAsync()
    {
        _channel.Dispose();
        return ValueTask.CompletedTask;
    }
}
