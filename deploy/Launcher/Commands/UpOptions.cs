using Conversations.Launcher.Clusters;
using Conversations.Launcher.Hosts;

namespace Conversations.Launcher.Commands;

/// <summary>What the command line of <c>deploy/up</c> asks for.</summary>
internal sealed record UpOptions
{
    public const int DefaultSilos = 2;
    public const int DefaultGateways = 1;
    public const int DefaultPort = 8080;
    public const int DefaultDatabases = 1;

    public int Silos { get; init; } = DefaultSilos;

    public int Gateways { get; init; } = DefaultGateways;

    public int Port { get; init; } = DefaultPort;

    public int Databases { get; init; } = DefaultDatabases;

    public string? Data { get; init; }

    public string? Config { get; init; }

    public string? Postgres { get; init; }

    public bool Mounted { get; init; }

    public bool Restart { get; init; }

    /// <summary>The cluster that this describes.</summary>
    public LocalClusterOptions ToCluster(HostBinaries binaries, TextWriter output) => new()
    {
        Directory = Data ?? Path.Combine(binaries.Root, ".data"),
        Silos = Mounted ? 1 : Silos,
        Gateways = Gateways,
        Mounted = Mounted,
        Port = Port,
        PostgresConnectionString = Postgres,
        Databases = Databases,
        ConfigFile = Config,
        Environment = Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT") is { Length: > 0 } named ? named : "Development",
        RestartDead = Restart,
        Output = output,
        Binaries = binaries,
    };
}
