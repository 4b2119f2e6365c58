using System.Collections.Immutable;
using System.Security.Cryptography;
using Conversations.Launcher.Hosts;
using Conversations.Launcher.Ports;
using Conversations.Launcher.Postgres;

namespace Conversations.Launcher.Clusters;

/// <summary>
/// The real thing on one machine: PostgreSQL, silos, gateways, each a process of its own, all on loopback. Any one of them can be
/// ended and started again through its own object; <c>cluster.json</c> follows. Everything ends with this object, or with this process.
/// </summary>
public sealed class LocalCluster : IAsyncDisposable
{
    private const string FileName = "cluster.json";

    private readonly LocalClusterOptions _options;
    private readonly HostBinaries _binaries;
    private readonly ClusterDatabase _database;
    private readonly HostVariables _variables;
    private readonly DataLock _lock;
    private readonly GatewayPorts _gatewayPorts;
    private readonly Watchdog _watchdog;
    private readonly Lock _gate = new();
    private ImmutableArray<SiloProcess> _silos = [];
    private ImmutableArray<GatewayProcess> _gateways = [];
    private bool _isEnding;

    private LocalCluster(LocalClusterOptions options, HostBinaries binaries, ClusterDatabase database, GatewayPorts gatewayPorts, DataLock @lock)
    {
        (_options, _binaries, _database, _gatewayPorts, _lock) = (options, binaries, database, gatewayPorts, @lock);
        _variables = new HostVariables(options, database.ConnectionStrings, options.ClusterId ?? $"local-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");
        _watchdog = new Watchdog(options.RestartDead, options.Output);
        if (database.Server is { } server)
            _watchdog.Watch(server);
    }

    /// <summary>The silos, in the order of their names; also those that do not run.</summary>
    public IReadOnlyList<SiloProcess> Silos => _silos;

    /// <summary>The gateway processes, likewise; empty when they are mounted in the silos.</summary>
    public IReadOnlyList<GatewayProcess> Gateways => _gateways;

    /// <summary>Where all gateways listen, mounted or not.</summary>
    public IReadOnlyList<GatewayEndpoints> GatewayEndpoints =>
        [.. _silos.Select(s => s.MountedGateway).OfType<GatewayEndpoints>(), .. _gateways.Select(g => g.Endpoints)];

    /// <summary>The private PostgreSQL; null if the options name another.</summary>
    public PostgresServer? Postgres => _database.Server;

    /// <summary>The hosts' connection string; of the first database, if there are several.</summary>
    public string ConnectionString => _database.ConnectionStrings[0];

    /// <summary>The hosts' connection strings, in the order of the databases.</summary>
    public IReadOnlyList<string> ConnectionStrings => _database.ConnectionStrings;

    /// <summary>The path of <c>cluster.json</c>.</summary>
    public string FilePath => Path.Combine(_options.Directory, FileName);

    /// <summary>Where the processes log.</summary>
    public string LogDirectory => Path.Combine(_options.Directory, "logs");

    /// <summary>Starts everything, and returns when all of it is ready; if something fails, ends what had started.</summary>
    /// <exception cref="LauncherException">Something did not start; the message is fit to be shown alone.</exception>
    public static async Task<LocalCluster> StartAsync(LocalClusterOptions options, CancellationToken cancellationToken = default)
    {
        options = options with { Directory = Path.GetFullPath(options.Directory) };
        var binaries = options.Binaries ?? HostBinaries.OfThisBuild();
        binaries.RequireAll();
        var @lock = Occupy(options.Directory);
        var ports = new GatewayPorts(options.Port);
        LocalCluster cluster;
        try
        {
            // What an earlier launcher left, that was killed, names processes that are gone.
            File.Delete(Path.Combine(options.Directory, FileName));
            // Before all else: a taken port is an error before anything has been waited for.
            ports.Reserve(options.Mounted ? Names("silo", options.Silos) : Names("gateway", options.Gateways));
            var database = await ClusterDatabase.StartAsync(options, cancellationToken);
            cluster = new LocalCluster(options, binaries, database, ports, @lock);
        }
        catch
        {
            ports.Dispose();
            @lock.Dispose();
            throw;
        }

        try
        {
            await cluster.StartHostsAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts one more silo and returns when it is ready.</summary>
    /// <exception cref="LauncherException">It did not start.</exception>
    public async Task<SiloProcess> AddSiloAsync(CancellationToken cancellationToken = default)
    {
        var silo = AddSilo();
        await StartAsync(silo, cancellationToken);
        return silo;
    }

    /// <summary>Starts one more gateway process and returns when it is ready.</summary>
    /// <exception cref="LauncherException">It did not start.</exception>
    public async Task<GatewayProcess> AddGatewayAsync(CancellationToken cancellationToken = default)
    {
        var gateway = AddGateway();
        await StartAsync(gateway, cancellationToken);
        return gateway;
    }

    /// <summary>Writes <c>cluster.json</c> as things are now. It happens by itself whenever a host starts or ends.</summary>
    public void WriteClusterFile()
    {
        lock (_gate)
        {
            if (_isEnding)
                return;
            new ClusterFile(ConnectionString, [.. SilosThatRun()], [.. GatewaysThatRun()]).Write(FilePath);
        }
    }

    /// <summary>Ends everything in order: gateways, silos, PostgreSQL. The data stays, unless the options say otherwise.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isEnding)
                return;
            _isEnding = true;
        }

        await _watchdog.DisposeAsync();
        await Task.WhenAll(_gateways.Select(g => g.DisposeAsync().AsTask()));
        await Task.WhenAll(_silos.Select(s => s.DisposeAsync().AsTask()));
        _gatewayPorts.Dispose();
        await _database.DisposeAsync();
        File.Delete(FilePath);
        if (_options.DeleteOnDispose)
            Directory.Delete(_options.Directory, recursive: true);
        _lock.Dispose();
    }

    private static IEnumerable<string> Names(string kind, int count) => Enumerable.Range(1, count).Select(number => $"{kind}-{number}");

    private static DataLock Occupy(string directory)
    {
        try
        {
            Directory.CreateDirectory(directory);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new LauncherException($"Cannot make {directory}: {fault.Message} Choose another directory with --data.", fault);
        }

        return DataLock.Take(directory);
    }

    private static async Task StartAsync(HostProcess host, CancellationToken cancellationToken)
    {
        await host.StartAsync();
        await host.WaitReadyAsync(cancellationToken);
    }

    private async Task StartHostsAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < _options.Silos; i++)
            AddSilo();
        for (var i = 0; i < _options.Gateways && !_options.Mounted; i++)
            AddGateway();
        await _options.Output.WriteLineAsync($"Starting {string.Join(", ", _silos.Select(s => s.Name))} …");
        await Task.WhenAll(_silos.Select(silo => StartAsync(silo, cancellationToken)));
        if (_gateways.Length > 0)
            await _options.Output.WriteLineAsync($"Starting {string.Join(", ", _gateways.Select(g => g.Name))} …");
        await Task.WhenAll(_gateways.Select(gateway => StartAsync(gateway, cancellationToken)));
        WriteClusterFile();
    }

    private SiloProcess AddSilo()
    {
        lock (_gate)
        {
            var name = $"silo-{_silos.Length + 1}";
            var ports = SiloPorts.Any(_options.Mounted ? _gatewayPorts.Next(name) : null);
            var silo = new SiloProcess(HostOptions(name, _binaries.Silo, _variables.OfSilo(name, ports)), ports);
            silo.Changed += WriteClusterFile;
            _watchdog.Watch(silo);
            _silos = _silos.Add(silo);
            return silo;
        }
    }

    private GatewayProcess AddGateway()
    {
        lock (_gate)
        {
            var name = $"gateway-{_gateways.Length + 1}";
            var ports = _gatewayPorts.Next(name);
            var gateway = new GatewayProcess(HostOptions(name, _binaries.Gateway, _variables.OfGateway(name, ports)), ports);
            gateway.Changed += WriteClusterFile;
            _watchdog.Watch(gateway);
            _gateways = _gateways.Add(gateway);
            return gateway;
        }
    }

    private HostOptions HostOptions(string name, string assembly, IReadOnlyDictionary<string, string?> variables) => new()
    {
        Name = name,
        Assembly = assembly,
        LogDirectory = LogDirectory,
        Variables = variables,
        Prefix = _options.PrefixOf.GetValueOrDefault(name, []),
        StartTimeout = _options.StartTimeout,
    };

    private IEnumerable<ClusterFile.Silo> SilosThatRun()
    {
        foreach (var silo in _silos)
        {
            if (silo.Pid is { } pid)
                yield return new ClusterFile.Silo(silo.Name, pid, silo.AdminUrl.GetLeftPart(UriPartial.Authority));
        }
    }

    private IEnumerable<ClusterFile.Gateway> GatewaysThatRun()
    {
        var all = _silos.Select(s => (s.Pid, s.MountedGateway)).Concat(_gateways.Select(g => (g.Pid, MountedGateway: (GatewayEndpoints?)g.Endpoints)));
        foreach (var (process, endpoints) in all)
        {
            if (process is { } pid && endpoints is not null)
                yield return new ClusterFile.Gateway(pid, endpoints.Http.GetLeftPart(UriPartial.Authority), endpoints.Grpc.GetLeftPart(UriPartial.Authority));
        }
    }
}
