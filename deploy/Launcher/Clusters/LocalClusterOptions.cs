using Conversations.Launcher.Hosts;

namespace Conversations.Launcher.Clusters;

/// <summary>What a cluster on this machine consists of.</summary>
public sealed record LocalClusterOptions
{
    /// <summary>The directory of this cluster: data, logs, <c>cluster.json</c>; made if missing. One cluster at a time can use it.</summary>
    public required string Directory { get; init; }

    /// <summary>How many silos. Default: 2.</summary>
    public int Silos { get; init; } = 2;

    /// <summary>How many gateway processes; none with <see cref="Mounted"/>. Default: 1.</summary>
    public int Gateways { get; init; } = 1;

    /// <summary>Whether each silo has the gateway in it, in place of gateway processes. Default: false.</summary>
    public bool Mounted { get; init; }

    /// <summary>The first gateway's HTTP port; its gRPC port is the next, further gateways have the pairs after that. Null: the system chooses. Default: null.</summary>
    public int? Port { get; init; }

    /// <summary>A server to use in place of a private one; its role must be able to migrate it. Default: null.</summary>
    public string? PostgresConnectionString { get; init; }

    /// <summary>Over how many databases of the private server sessions are spread. Default: 1.</summary>
    public int Databases { get; init; } = 1;

    /// <summary>A JSON file that is laid over the appsettings of every process. Default: null.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The hosts' environment. Default: <c>Development</c>, which knows the key <c>dev-key</c>.</summary>
    public string Environment { get; init; } = "Development";

    /// <summary>How fast a dead silo is noticed. Default: fast.</summary>
    public MembershipProfile Membership { get; init; } = MembershipProfile.Fast;

    /// <summary>
    /// Orleans' cluster id. Default: a new one at each start, so that the silos of an earlier run, which were perhaps killed, are not
    /// waited for. The data does not depend on it.
    /// </summary>
    public string? ClusterId { get; init; }

    /// <summary>Whether a process that dies is started again. Default: false.</summary>
    public bool RestartDead { get; init; }

    /// <summary>Environment variables for every host. A null value removes one. Default: none.</summary>
    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();

    /// <summary>Environment variables for single hosts, by name (<c>silo-1</c>). Default: none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string?>> VariablesOf { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string?>>();

    /// <summary>What goes before a single host's command line, by name: a program that becomes another. Default: nothing.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<string>> PrefixOf { get; init; } = new Dictionary<string, IReadOnlyList<string>>();

    /// <summary>A host's own way to PostgreSQL, made of its name and <see cref="LocalCluster.ConnectionString"/>. Default: that itself.</summary>
    public Func<string, string, string>? ConnectionStringOf { get; init; }

    /// <summary>Settings of the private PostgreSQL. Default: none.</summary>
    public IReadOnlyDictionary<string, string> PostgresSettings { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether the directory and all in it is removed when the cluster is disposed of: for tests. Default: false.</summary>
    public bool DeleteOnDispose { get; init; }

    /// <summary>How long a host may take to be ready. Default: 90 seconds.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Where to say what happens, a line each. Default: nowhere.</summary>
    public TextWriter Output { get; init; } = TextWriter.Null;

    /// <summary>The hosts to run. Default: those of this build.</summary>
    public HostBinaries? Binaries { get; init; }
}
