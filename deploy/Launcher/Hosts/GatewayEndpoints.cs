using Conversations.Launcher.Ports;

namespace Conversations.Launcher.Hosts;

/// <summary>Where a gateway listens.</summary>
/// <param name="Http">The OpenAI dialect, and health.</param>
/// <param name="Grpc">gRPC, HTTP/2 without TLS.</param>
public sealed record GatewayEndpoints(Uri Http, Uri Grpc)
{
    internal GatewayEndpoints(PortPair ports)
        : this(new Uri($"http://127.0.0.1:{ports.Http.Number}"), new Uri($"http://127.0.0.1:{ports.Grpc.Number}"))
    {
    }
}
