using Conversations.Launcher.Ports;

namespace Conversations.Launcher.Hosts;

/// <summary>A gateway as its own process.</summary>
public sealed class GatewayProcess : HostProcess
{
    private readonly PortPair _ports;

    internal GatewayProcess(HostOptions options, PortPair ports)
        : base(options)
    {
        _ports = ports;
        Endpoints = new GatewayEndpoints(ports);
    }

    /// <summary>Where it listens.</summary>
    public GatewayEndpoints Endpoints { get; }

    /// <summary>The OpenAI dialect, and health.</summary>
    public Uri HttpUrl => Endpoints.Http;

    /// <summary>gRPC, HTTP/2 without TLS.</summary>
    public Uri GrpcUrl => Endpoints.Grpc;

    private protected override Uri HealthEndpoint => HttpUrl;

    private protected override void ReleasePorts() => _ports.Dispose();
}
