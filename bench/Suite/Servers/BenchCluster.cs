using System.Security.Cryptography;
using System.Text;
using Conversations.Launcher.Clusters;
using Conversations.Load;
using Conversations.Load.Gauges;
using Conversations.NullModel;

namespace Conversations.Suite.Servers;

/// <summary>A cluster of the product's own processes, as in production, with a model that costs nothing laid over its silos.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    /// <summary>The key of the only tenant.</summary>
    public const string Key = "bench-key";

    private readonly string _directory;

    private BenchCluster(LocalCluster processes, string directory) => (Processes, _directory) = (processes, directory);

    public LocalCluster Processes { get; }

    /// <summary>All processes, by what they are: <c>silo</c>, <c>gateway</c>, <c>postgres</c>.</summary>
    public IEnumerable<KeyValuePair<string, int>> Pids =>
        Processes.Silos.Select(silo => KeyValuePair.Create(silo.Name, Pid(silo.Pid, silo.Name)))
            .Concat(Processes.Gateways.Select(gateway => KeyValuePair.Create(gateway.Name, Pid(gateway.Pid, gateway.Name))))
            .Append(KeyValuePair.Create("postgres", Pid(Processes.Postgres!.Pid, "PostgreSQL")));

    public static async Task<BenchCluster> StartAsync(ClusterShape shape, CancellationToken stop)
    {
        var directory = BenchDirectory.Make();
        var ofSilos = new Dictionary<string, string?>(shape.SiloVariables)
        {
            ["DOTNET_STARTUP_HOOKS"] = Repository.Assembly("NullModel"),
            [$"Agents__{NullChat.Provider}__Provider"] = NullChat.Provider,
        };
        var ofAll = new Dictionary<string, string?>
        {
            ["Tenants__bench__ApiKeys__0"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Key))),
        };
        var options = new LocalClusterOptions
        {
            Directory = directory,
            Silos = shape.Silos,
            Gateways = shape.Mounted ? 0 : 1,
            Mounted = shape.Mounted,
            Environment = "Production",
            DeleteOnDispose = true,
            PostgresSettings = DatabaseGauge.ServerSettings,
            Variables = ofAll,
            VariablesOf = Enumerable.Range(1, shape.Silos).ToDictionary(number => $"silo-{number}", _ => (IReadOnlyDictionary<string, string?>)ofSilos),
        };
        return new BenchCluster(await LocalCluster.StartAsync(options, stop), directory);
    }

    public async ValueTask DisposeAsync()
    {
        await Processes.DisposeAsync();
        if (Directory.Exists(_directory)) Directory.Delete(_directory, recursive: true);
    }

    private static int Pid(int? pid, string name) => pid ?? throw new TurnException($"{name} has ended.");
}
