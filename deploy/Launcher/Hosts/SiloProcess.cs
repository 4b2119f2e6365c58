namespace Conversations.Launcher.Hosts;

/// <summary>A silo as its own process; with the gateway in it if it was made so.</summary>
public sealed class SiloProcess : HostProcess
{
    private readonly SiloPorts _ports;

    internal SiloProcess(HostOptions options, SiloPorts ports)
        : base(options)
    {
        _ports = ports;
        AdminUrl = new Uri($"http://127.0.0.1:{ports.Admin.Number}");
        MountedGateway = ports.Gateway is { } gateway ? new GatewayEndpoints(gateway) : null;
    }

    /// <summary>Where other silos reach it.</summary>
    public int SiloPort => _ports.Silo.Number;

    /// <summary>Where gateway processes reach it.</summary>
    public int ClientPort => _ports.Client.Number;

    /// <summary>Health, and the dashboard under <c>/dashboard</c>.</summary>
    public Uri AdminUrl { get; }

    /// <summary>Where the gateway in it listens; null if it has none.</summary>
    public GatewayEndpoints? MountedGateway { get; }

    private protected override Uri HealthEndpoint => AdminUrl;

    private protected override void ReleasePorts() => _ports.Dispose();
}
