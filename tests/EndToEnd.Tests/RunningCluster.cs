using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.EndToEnd.Tests.Models;
using Conversations.Launcher.Clusters;
using Conversations.Launcher.Hosts;
using Conversations.Testing;
using Npgsql;

namespace Conversations.EndToEnd.Tests;

/// <summary>
/// The real thing: PostgreSQL, three silos and two gateways, each a process, and a model that the tests script. A test that ends a
/// process starts it again.
/// </summary>
public class RunningCluster : IAsyncLifetime
{
    /// <summary>Tenants besides <c>dev</c>, each with the key <c>NAME-key</c>.</summary>
    private static readonly string[] Tenants = ["ab", "ab-c", "abc", "alike", "other"];

    private readonly string _directory = TestDirectory.Create();
    private LocalCluster? _processes;

    public LocalCluster Processes => _processes!;

    public ScriptedModel Model { get; private set; } = null!;

    public Script Script { get; } = new();

    public NpgsqlDataSource Database { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Model = await ScriptedModel.StartAsync();
        Model.Reply(Script.Answer);
        var config = Path.Combine(_directory, "config.json");
        await File.WriteAllTextAsync(config, Configuration().ToJsonString());
        _processes = await LocalCluster.StartAsync(Adapt(new LocalClusterOptions
        {
            Directory = _directory,
            Silos = 3,
            Gateways = 2,
            ConfigFile = config,
            DeleteOnDispose = true,
        }));
        Database = NpgsqlDataSource.Create(Processes.ConnectionString + ";Pooling=false");
    }

    public virtual async Task DisposeAsync()
    {
        await Database.DisposeAsync();
        await Processes.DisposeAsync();
        await Model.DisposeAsync();
    }

    /// <summary>A session that no other test has.</summary>
    public static string NewSession() => $"s-{Guid.NewGuid():N}";

    /// <summary>A caller of tenant <c>dev</c> at the first or second gateway.</summary>
    internal Caller Caller(int gateway = 0) => new(Processes.Gateways[gateway].HttpUrl, Callers.Caller.DevelopmentKey);

    /// <summary>A caller of another tenant.</summary>
    internal Caller CallerOf(string tenant) => new(Processes.Gateways[0].HttpUrl, $"{tenant}-key");

    /// <summary>The silo of that name.</summary>
    public SiloProcess Silo(string name) => Processes.Silos.Single(silo => silo.Name == name);

    /// <summary>The silo that hosts a session of tenant <c>dev</c>.</summary>
    public async Task<SiloProcess> HostOfAsync(string session) => Silo(await Caller().SiloOfAsync(session));

    /// <summary>The calls of the model whose last words contain these.</summary>
    public IReadOnlyList<ModelRequest> AskedAbout(string said) =>
        [.. Model.Requests.Where(request => request.LastUser.Contains(said, StringComparison.Ordinal))];

    /// <summary>Brings a process back that a test has ended.</summary>
    public static async Task ReviveAsync(HostProcess host)
    {
        await host.StartAsync();
        await host.WaitReadyAsync();
    }

    /// <summary>Brings all silos and gateways back.</summary>
    public Task ReviveAllAsync() => Task.WhenAll(Hosts().Select(ReviveAsync));

    /// <summary>All silos and gateways.</summary>
    public IEnumerable<HostProcess> Hosts() => [.. Processes.Silos, .. Processes.Gateways];

    /// <summary>What another kind of cluster has otherwise.</summary>
    protected virtual LocalClusterOptions Adapt(LocalClusterOptions options) => options;

    /// <summary>The names of the tools that the agent may call.</summary>
    protected virtual JsonArray Tools() => [];

    private JsonObject Configuration() => new()
    {
        ["Agents"] = new JsonObject { ["scripted"] = new JsonObject { ["Endpoint"] = Model.Endpoint.ToString(), ["Tools"] = Tools() } },
        ["Tenants"] = new JsonObject(Tenants.Select(tenant => KeyValuePair.Create<string, JsonNode?>(
            tenant, new JsonObject { ["ApiKeys"] = new JsonArray(Hash($"{tenant}-key")) }))),
    };

    private static string Hash(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));
}

[CollectionDefinition(Name)]
public sealed class RunningClusterGroup : ICollectionFixture<RunningCluster>
{
    public const string Name = "running cluster";
}
