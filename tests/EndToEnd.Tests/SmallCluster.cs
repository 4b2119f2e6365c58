using System.Text.Json.Nodes;
using Conversations.EndToEnd.Tests.Callers;
using Conversations.Launcher.Clusters;
using Conversations.Testing;

namespace Conversations.EndToEnd.Tests;

/// <summary>One silo and one gateway, with tool servers and one turn at a time for each tenant. A test that ends a process starts it again.</summary>
public sealed class SmallCluster : IAsyncLifetime
{
    /// <summary>The origin whose pages may call.</summary>
    public const string Page = "https://app.example.org";

    private readonly string _directory = TestDirectory.Create();
    private LocalCluster? _processes;

    public LocalCluster Processes => _processes!;

    public ScriptedModel Model { get; private set; } = null!;

    /// <summary>Where the tool server <c>lab</c> notes its effects.</summary>
    public string Effects => Path.Combine(_directory, "effects");

    public async Task InitializeAsync()
    {
        Model = await ScriptedModel.StartAsync();
        var config = Path.Combine(_directory, "config.json");
        await File.WriteAllTextAsync(config, Configuration(await NodeCall.EverythingAsync()).ToJsonString());
        _processes = await LocalCluster.StartAsync(new LocalClusterOptions
        {
            Directory = _directory,
            Silos = 1,
            Gateways = 1,
            ConfigFile = config,
            DeleteOnDispose = true,
        });
    }

    public async Task DisposeAsync()
    {
        await Processes.DisposeAsync();
        await Model.DisposeAsync();
    }

    public Uri Gateway => Processes.Gateways[0].HttpUrl;

    /// <summary>The calls of the model whose last words of the user contain these.</summary>
    public IReadOnlyList<ModelRequest> AskedAbout(string said) =>
        [.. Model.Requests.Where(request => request.LastUser.Contains(said, StringComparison.Ordinal))];

    internal Caller Caller() => new(Processes.Gateways[0].HttpUrl, Callers.Caller.DevelopmentKey);

    private JsonObject Configuration(string everything)
    {
        var tests = new DirectoryInfo(AppContext.BaseDirectory);
        var lab = Path.Combine(tests.Parent!.Parent!.FullName, "ToolServer", tests.Name, "Conversations.ToolServer.dll");
        return new JsonObject
        {
            ["DefaultAgent"] = "scripted",
            ["Agents"] = new JsonObject
            {
                ["scripted"] = new JsonObject { ["Endpoint"] = Model.Endpoint.ToString(), ["Tools"] = new JsonArray("everything.*", "lab.charge") },
                ["reader"] = new JsonObject { ["Endpoint"] = Model.Endpoint.ToString(), ["TakesFiles"] = true },
                ["careful"] = new JsonObject { ["Endpoint"] = Model.Endpoint.ToString(), ["Tools"] = new JsonArray("lab.add") },
            },
            ["Mcp"] = new JsonObject
            {
                ["everything"] = new JsonObject { ["Command"] = "node", ["Arguments"] = new JsonArray(everything) },
                ["lab"] = new JsonObject
                {
                    ["Command"] = "dotnet",
                    ["Arguments"] = new JsonArray(lab),
                    ["Environment"] = new JsonObject { ["EFFECTS"] = Effects },
                    ["NeedsApproval"] = new JsonArray("add"),
                },
            },
            ["Sessions"] = new JsonObject { ["TurnsPerTenant"] = 1 },
            ["Http"] = new JsonObject { ["CorsOrigins"] = new JsonArray(Page) },
        };
    }
}

[CollectionDefinition(Name)]
public sealed class SmallClusterGroup : ICollectionFixture<SmallCluster>
{
    public const string Name = "small cluster";
}
