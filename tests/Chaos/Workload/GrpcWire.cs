using Grpc.Core;
using Grpc.Net.Client;

namespace Conversations.Chaos.Workload;

/// <summary>The gRPC of one tenant through one gateway.</summary>
internal sealed class GrpcWire : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    // A channel that was refused often would otherwise not try again for up to two minutes, and refuse its caller's calls meanwhile.
    private static readonly GrpcChannelOptions Soon = new()
    {
        InitialReconnectBackoff = TimeSpan.FromMilliseconds(100),
        MaxReconnectBackoff = TimeSpan.FromMilliseconds(500),
    };

    private readonly GrpcChannel _channel;
    private readonly Metadata _key;

    public GrpcWire(string name, Uri gateway, string key)
    {
        Name = $"grpc {name}";
        _channel = GrpcChannel.ForAddress(gateway, Soon);
        _key = new Metadata { { "authorization", $"Bearer {key}" } };
        Client = new Conversations.Client.Grpc.V1.Conversations.ConversationsClient(_channel);
    }

    public string Name { get; }

    public Client.Grpc.V1.Conversations.ConversationsClient Client { get; }

    public CallOptions Options(CancellationToken stop) => new(_key, TimeProvider.System.GetUtcNow().UtcDateTime + Patience, stop);

    public void Dispose() => _channel.Dispose();
}
