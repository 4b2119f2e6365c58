using Conversations.Launcher.Hosts;

namespace Conversations.Chaos.World;

/// <summary>The callers' way to a gateway.</summary>
internal sealed class Door : IAsyncDisposable
{
    private readonly Link _http = new();
    private readonly Link _grpc = new();

    public Door(GatewayProcess gateway) =>
        (Gateway, _http.Target, _grpc.Target) = (gateway, gateway.HttpUrl.Port, gateway.GrpcUrl.Port);

    /// <summary>Where it leads.</summary>
    public GatewayProcess Gateway { get; }

    /// <summary>The wires it consists of.</summary>
    public IReadOnlyList<Link> Links => [_http, _grpc];

    /// <summary>The OpenAI dialect.</summary>
    public Uri HttpUrl => new($"http://127.0.0.1:{_http.Port}");

    /// <summary>gRPC.</summary>
    public Uri GrpcUrl => new($"http://127.0.0.1:{_grpc.Port}");

    public async ValueTask DisposeAsync()
    {
        await _http.DisposeAsync();
        await _grpc.DisposeAsync();
    }
}
